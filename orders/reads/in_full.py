"""One order with all that hangs on it, in one statement whose SQL is made once a process; a split one in two."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import OuterRef, QuerySet

from orders.models.adjustment import Adjustment
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.reservation import Reservation
from orders.reads.orders import show_sub_orders
from shared.planner.compiled import compiled_rows
from shared.planner.compiled_rows import Hanging


def get_order_in_full(order_id: UUID) -> Order:
    """One order as the detail shows it, with its sub-orders, also a deleted one: a request that is repeated gets
    its answer again. Raises Order.DoesNotExist."""
    order = find_order_in_full(order_id)
    if order is None:
        raise Order.DoesNotExist(order_id)
    return order


def find_order_in_full(order_id: UUID) -> Order | None:
    """As get_order_in_full, but None where there is no such order."""
    found = _read(order_id=order_id)
    if not found:
        return None
    if not found[0].items.all():  # only a split order has no lines of its own
        show_sub_orders(found[0], _read_sub_orders(order_id=order_id))
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


@compiled_rows(hanging=_what_hangs_on_it)
def _read(*, order_id: UUID) -> QuerySet[Order]:
    return Order.objects.filter(pk=order_id).order_by()


@compiled_rows(hanging=lambda: {"items": _items()})
def _read_sub_orders(*, order_id: UUID) -> QuerySet[Order]:
    return Order.objects.filter(parent_id=order_id).order_by("id")
