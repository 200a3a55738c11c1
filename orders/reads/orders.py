"""Reads of orders, each with what it prefetches decided once."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce

from orders.models.adjustment import Adjustment
from orders.models.order import Order, OrderQuerySet
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.reservation import Reservation
from orders.reads.newest import NEWEST_FIRST, Stretch, newest_active_ids, orders_of_kind
from orders.states import UNFINISHED
from shared.clock import start_of_day
from shared.planner.compiled import Ids, compiled_rows
from shared.planner.compiled_query import EqualsAny
from shared.planner.prepared import PreparedRows, annotations_of

_ZERO = Decimal(0)


def orders_in_lists(*, whole: bool = False) -> OrderQuerySet:
    """Orders as a list shows them, beside their lines and sub-orders; `whole`: without the sub-orders themselves."""
    return Order.objects.whole() if whole else Order.objects.live()


@compiled_rows
def items_of(*, order_ids: Ids) -> QuerySet[OrderItem]:
    """Lines of these orders, by position."""
    return OrderItem.objects.filter(EqualsAny("order_id", order_ids)).order_by("position")


def lines() -> QuerySet[OrderItem]:
    """Lines of whichever orders are asked for, by position."""
    return OrderItem.objects.order_by("position")


def sub_orders() -> QuerySet[Order]:
    """Sub-orders of whichever orders are asked for."""
    return Order.objects.order_by("id")


def _items_in_order() -> Prefetch:
    return Prefetch("items", OrderItem.objects.order_by("position"))


def orders_in_full() -> OrderQuerySet:
    """Orders as the detail shows them, for whoever narrows them further: 5 statements, however many rows hang on the
    order. One by its id: get_order_in_full."""
    items = OrderItem.objects.order_by("position").prefetch_related(
        Prefetch("reservations", Reservation.objects.order_by("id"))
    )
    return Order.objects.live().prefetch_related(
        Prefetch("items", items),
        Prefetch("payments", Payment.objects.order_by("id")),
        Prefetch("events", OrderEvent.objects.order_by("created_at", "id")),
    )


def gather_seller_orders(orders: Iterable[Order]) -> None:
    """Give every split order among these its sub-orders and their lines, and all of them the reasons of their amounts,
    which a plain order has none of: 3 statements, 1 if none is split. Only a split order has no lines of its own."""
    # A generator would be used up by the first of the two that go through them.
    orders = list(orders)
    _gather_reasons(orders)
    split = {order.pk: order for order in orders if not order.items.all()}
    if not split:
        return
    items = OrderItem.objects.order_by("position").prefetch_related(
        Prefetch("reservations", Reservation.objects.order_by("id"))
    )
    seller_orders = (
        Order.objects.filter(parent_id__in=list(split)).prefetch_related(Prefetch("items", items)).order_by("id")
    )
    of_order: dict[UUID, list[Order]] = {}
    for seller_order in seller_orders:
        of_order.setdefault(seller_order.parent_id, []).append(seller_order)  # type: ignore[arg-type]
    for order_id, order in split.items():
        show_sub_orders(order, of_order.get(order_id, []))


def _gather_reasons(orders: Iterable[Order]) -> None:
    priced = [order for order in orders if _may_have_reasons(order)]
    if priced:
        prefetch_related_objects(priced, Prefetch("adjustments", Adjustment.objects.order_by("id")))


def _may_have_reasons(order: Order) -> bool:
    """A split order's lines are its sub-orders': it is always asked."""
    items = order.items.all()
    # The discount may be staff's own or written off: nothing but the amount names it.
    named = order.ship_to_country or order.shipping_method or order.coupon_code or order.discount_total
    return bool(named) or not items or any(item.price_reason for item in items)


def reasons_shown(order: Order) -> Sequence[Adjustment]:
    """Why the order costs what it costs, as far as that was read."""
    reasons: Sequence[Adjustment] = order.__dict__.get("_prefetched_objects_cache", {}).get("adjustments", ())
    return reasons


def show_sub_orders(order: Order, seller_orders: Sequence[Order]) -> None:
    """Let a split order show its sub-orders, whose items were read, and their lines as its own."""
    lines = sorted(
        (item for seller_order in seller_orders for item in seller_order.items.all()), key=lambda item: item.position
    )
    cache = order.__dict__.setdefault("_prefetched_objects_cache", {})
    cache.update(sub_orders=list(seller_orders), items=lines)


def sub_orders_shown(order: Order) -> Sequence[Order]:
    """The sub-orders that show_sub_orders gave it; none for an order that is not split, or was not asked."""
    seller_orders: Sequence[Order] = order.__dict__.get("_prefetched_objects_cache", {}).get("sub_orders", ())
    return seller_orders


def items_with_order() -> QuerySet[OrderItem]:
    """Items of live orders with the order that their amounts' currency is in: 1 statement for any page."""
    return OrderItem.objects.filter(order__deleted_at__isnull=True).select_related("order")


def items_of_live_orders() -> QuerySet[OrderItem]:
    """Items of live orders, for whoever names the columns."""
    return OrderItem.objects.filter(order__deleted_at__isnull=True)


def month_of_orders(*, status: str, month: date, min_total: Decimal = _ZERO) -> QuerySet[Order]:
    """A month's orders, by the shop's days, of a status from some total up, newest first. The stored total is the sum
    of the order's lines, taxes and fees, so nothing is added up. Reads order_status_created."""
    since = start_of_day(date(month.year, month.month, 1))
    until = start_of_day(date(month.year + month.month // 12, month.month % 12 + 1, 1))
    found = orders_of_kind(status=status).filter(created_at__gte=since, created_at__lt=until)
    return found.filter(total__gte=min_total)


def customer_history(customer_id: UUID) -> QuerySet[Order]:
    """A customer's orders newest first. Reads order_customer_created."""
    return orders_of_kind(customer_id=customer_id).prefetch_related(_items_in_order())


def customer_orders(customer_id: UUID, *, status: str, since: datetime, until: datetime) -> QuerySet[Order]:
    """A customer's orders of a status placed in [since, until), newest first. Reads order_customer_status."""
    found = orders_of_kind(customer_id=customer_id, status=status).prefetch_related(_items_in_order())
    return found.filter(created_at__gte=since, created_at__lt=until)


def orders_with_products_since(since: datetime) -> QuerySet[Order]:
    """Orders placed since then, newest first, with their items, variants and products: 4 statements. Reads
    order_created."""
    items = OrderItem.objects.order_by("position").prefetch_related("variant__product")
    found = Order.objects.whole().filter(created_at__gte=since).prefetch_related(Prefetch("items", items))
    return found.order_by(*NEWEST_FIRST)


def sold_by(orders: QuerySet[Order], seller_id: UUID) -> QuerySet[Order]:
    """Those orders with at least one line of that seller, each with `listed_at`, its created_at as the seller's listed
    line has it: order by that, and item_seller_listed gives them in order."""
    found = orders.filter(items__seller_id=seller_id, items__listed_at__isnull=False)
    return found.annotate(listed_at=F("items__listed_at"))


def ids_of_whole(order_id: UUID) -> list[UUID]:
    """The order's id and its sub-orders', for reads of what hangs on any of them: one statement, so that theirs may
    name the ids. With the sub-orders as a condition of its own beside an OR, PostgreSQL reads the whole table."""
    return [order_id, *Order.objects.filter(parent_id=order_id).order_by("id").values_list("pk", flat=True)]


def whole_orders(orders: Sequence[Order]) -> list[Order]:
    """These orders in their order, each sub-order replaced by the order that it is of: 2 statements if there is one."""
    wholes = {seller_order.parent_id for seller_order in orders if seller_order.parent_id}
    found = orders_in_lists().in_bulk(list(wholes)) if wholes else {}
    return [found.get(order.parent_id, order) if order.parent_id else order for order in orders]


def seller_orders(seller_id: UUID) -> QuerySet[Order]:
    """Orders with at least one line of that seller, newest first. Reads item_seller_listed."""
    return sold_by(Order.objects.live(), seller_id).order_by(F("listed_at").desc(), "-id")


def listed_by_seller(orders: QuerySet[Order] | PreparedRows) -> bool:
    """Whether `sold_by` made this."""
    return "listed_at" in annotations_of(orders)


def seller_items(seller_id: UUID, *, status: str) -> QuerySet[OrderItem]:
    """A seller's lines of a status, newest first. Reads item_seller_status."""
    return items_with_order().filter(seller_id=seller_id, status=status).order_by("-id")


def orders_on_board() -> QuerySet[Order]:
    """Orders in progress, each with `item_count`. A page of them: active_orders."""
    lines = OrderItem.objects.filter(order=OuterRef("pk")).order_by().values("order")
    of_seller_orders = OrderItem.objects.filter(order__parent=OuterRef("pk")).order_by().values("order__parent")
    counts = [Subquery(some.annotate(count=Count("*")).values("count")) for some in (lines, of_seller_orders)]
    counted = Coalesce(counts[0], 0) + Coalesce(counts[1], 0)
    return Order.objects.whole().filter(status__in=UNFINISHED).annotate(item_count=counted)


def active_orders(*, limit: int) -> list[Order]:
    """The newest orders in progress with customer name and item count: 2 statements. Reads order_status_created once
    for each status."""
    ids = newest_active_ids(Stretch(limit))
    return list(orders_on_board().filter(pk__in=ids).order_by(*NEWEST_FIRST))
