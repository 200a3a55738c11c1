"""Reads of orders, each with what it prefetches decided once."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, OuterRef, Prefetch, QuerySet, Subquery

from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.reservation import Reservation
from orders.newest import ACTIVE_STATUSES, NEWEST_FIRST, Stretch, newest_active_ids, orders_of_kind

_ZERO = Decimal(0)


def orders_with_items() -> QuerySet[Order]:
    """Orders as a list shows them: 2 statements for any page."""
    return Order.objects.prefetch_related(_items())


def _items() -> Prefetch:
    return Prefetch("items", OrderItem.objects.order_by("position"))


def orders_in_full() -> QuerySet[Order]:
    """Orders as the detail shows them: 5 statements, however many rows hang on the order."""
    items = OrderItem.objects.order_by("position").prefetch_related(
        Prefetch("reservations", Reservation.objects.order_by("id"))
    )
    return Order.objects.prefetch_related(
        Prefetch("items", items),
        Prefetch("payments", Payment.objects.order_by("id")),
        Prefetch("events", OrderEvent.objects.order_by("created_at", "id")),
    )


def get_order_in_full(order_id: UUID) -> Order:
    """One order as the detail shows it. Raises Order.DoesNotExist."""
    return orders_in_full().get(pk=order_id)


def items_with_order() -> QuerySet[OrderItem]:
    """Order items with the order that their amounts' currency is in: 1 statement for any page."""
    return OrderItem.objects.select_related("order")


def month_of_orders(*, status: str, month: date, min_total: Decimal = _ZERO) -> QuerySet[Order]:
    """A month's (UTC) orders of a status from some total up, newest first. The stored total is the sum of the order's
    lines, taxes and fees, so nothing is added up. Reads order_status_created."""
    since = datetime(month.year, month.month, 1, tzinfo=UTC)
    until = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC)
    found = orders_of_kind(status=status).filter(created_at__gte=since, created_at__lt=until)
    return found.filter(total__gte=min_total)


def customer_history(customer_id: UUID) -> QuerySet[Order]:
    """A customer's orders newest first. Reads order_customer_created."""
    return orders_of_kind(customer_id=customer_id).prefetch_related(_items())


def customer_orders(customer_id: UUID, *, status: str, since: datetime, until: datetime) -> QuerySet[Order]:
    """A customer's orders of a status placed in [since, until), newest first. Reads order_customer_status."""
    found = orders_of_kind(customer_id=customer_id, status=status).prefetch_related(_items())
    return found.filter(created_at__gte=since, created_at__lt=until)


def orders_with_products_since(since: datetime) -> QuerySet[Order]:
    """Orders placed since then, newest first, with their items, variants and products: 4 statements. Reads
    order_created."""
    items = OrderItem.objects.order_by("position").prefetch_related("variant__product")
    found = Order.objects.filter(created_at__gte=since).prefetch_related(Prefetch("items", items))
    return found.order_by(*NEWEST_FIRST)


def sold_by(orders: QuerySet[Order], seller_id: UUID) -> QuerySet[Order]:
    """Those orders with at least one line of that seller, each with `listed_at`, its created_at as the seller's listed
    line has it: order by that, and item_seller_listed gives them in order."""
    found = orders.filter(items__seller_id=seller_id, items__listed_at__isnull=False)
    return found.annotate(listed_at=F("items__listed_at"))


def seller_orders(seller_id: UUID) -> QuerySet[Order]:
    """Orders with at least one line of that seller, newest first. Reads item_seller_listed."""
    return sold_by(Order.objects.all(), seller_id).order_by(F("listed_at").desc(), "-id")


def listed_by_seller(orders: QuerySet[Order]) -> bool:
    """Whether `sold_by` made this."""
    return "listed_at" in orders.query.annotations


def seller_items(seller_id: UUID, *, status: str) -> QuerySet[OrderItem]:
    """A seller's lines of a status, newest first. Reads item_seller_status."""
    return items_with_order().filter(seller_id=seller_id, status=status).order_by("-id")


def orders_on_board() -> QuerySet[Order]:
    """Orders in progress, each with `item_count`. A page of them: active_orders."""
    lines = OrderItem.objects.filter(order=OuterRef("pk")).order_by().values("order")
    counted = Subquery(lines.annotate(count=Count("*")).values("count"))
    return Order.objects.filter(status__in=ACTIVE_STATUSES).annotate(item_count=counted)


def active_orders(*, limit: int) -> list[Order]:
    """The newest orders in progress with customer name and item count: 2 statements. Reads order_status_created once
    for each status."""
    ids = newest_active_ids(Stretch(limit))
    return list(orders_on_board().filter(pk__in=ids).order_by(*NEWEST_FIRST))
