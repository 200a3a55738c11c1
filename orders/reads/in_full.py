"""One order with all that hangs on it, in one statement whose SQL is made once a process; a split one in two."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import OuterRef, QuerySet, UUIDField

from orders.models.adjustment import Adjustment
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.reservation import Reservation
from orders.reads.orders import show_sub_orders
from shared.planner.compiled_query import Param
from shared.planner.compiled_rows import CompiledRows, Hanging


def get_order_in_full(order_id: UUID) -> Order:
    """One order as the detail shows it, with its sub-orders, also a deleted one: a request that is repeated gets
    its answer again. Raises Order.DoesNotExist."""
    order = find_order_in_full(order_id)
    if order is None:
        raise Order.DoesNotExist(order_id)
    return order


def find_order_in_full(order_id: UUID) -> Order | None:
    """As get_order_in_full, but None where there is no such order."""
    found = _IN_FULL.instances(id=order_id)
    if not found:
        return None
    if not found[0].items.all():  # only a split order has no lines of its own
        show_sub_orders(found[0], _SELLER_ORDERS.instances(parent_id=order_id))
    return found[0]


def _items() -> Hanging:
    of_item = Reservation.objects.filter(item=OuterRef("pk")).order_by("id")
    return Hanging(
        OrderItem.objects.filter(order=OuterRef("pk")).order_by("position"), {"reservations": Hanging(of_item)}
    )


def _what_hangs_on_it() -> Mapping[str, Hanging]:
    return {
        "items": _items(),
        "payments": Hanging(Payment.objects.filter(order=OuterRef("pk")).order_by("id")),
        "events": Hanging(OrderEvent.objects.filter(order=OuterRef("pk")).order_by("created_at", "id")),
        "adjustments": Hanging(Adjustment.objects.filter(order=OuterRef("pk")).order_by("id")),
    }


def _by_id() -> QuerySet[Order]:
    return Order.objects.filter(pk=Param("id", UUIDField())).order_by()


def _by_parent() -> QuerySet[Order]:
    return Order.objects.filter(parent_id=Param("parent_id", UUIDField())).order_by("id")


_IN_FULL = CompiledRows(_by_id, hanging=_what_hangs_on_it)
_SELLER_ORDERS = CompiledRows(_by_parent, hanging=lambda: {"items": _items()})
