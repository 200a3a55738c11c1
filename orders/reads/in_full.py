"""One order with all that hangs on it, in one statement whose SQL is made once a process; a split one in two."""

from collections.abc import Callable, Mapping
from functools import cache
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

# Members of the answer that show lines, or what hangs on these; a split order's lines are its sub-orders'.
_OF_LINES = frozenset({"items", "reservations", "sub_orders"})


def get_order_in_full(order_id: UUID, fields: frozenset[str] | None = None) -> Order:
    """One order as the detail shows it, with its sub-orders, also a deleted one: a request that is repeated gets
    its answer again. Of what hangs on it only what `fields` name is read. Raises Order.DoesNotExist."""
    order = find_order_in_full(order_id, fields)
    if order is None:
        raise Order.DoesNotExist(order_id)
    return order


def find_order_in_full(order_id: UUID, fields: frozenset[str] | None = None) -> Order | None:
    """As get_order_in_full, but None where there is no such order."""
    with_lines = fields is None or not fields.isdisjoint(_OF_LINES)
    found = _reading(_EVERYTHING if fields is None else fields & _EVERYTHING, with_lines)(order_id=order_id)
    if not found:
        return None
    if with_lines and not found[0].items.all():  # only a split order has no lines of its own
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


_EVERYTHING = frozenset({"items", "payments", "events", "adjustments"})


@cache
def _reading(names: frozenset[str], with_lines: bool) -> Callable[..., list[Order]]:
    """The statement that reads an order with just these; one for each of the few sets of them."""
    wanted = names | {"items"} if with_lines else names

    @compiled_rows(hanging=lambda: {name: rows for name, rows in _what_hangs_on_it().items() if name in wanted})
    def read(*, order_id: UUID) -> QuerySet[Order]:
        return Order.objects.filter(pk=order_id).order_by()

    return read


@compiled_rows(hanging=lambda: {"items": _items()})
def _read_sub_orders(*, order_id: UUID) -> QuerySet[Order]:
    return Order.objects.filter(parent_id=order_id).order_by("id")
