"""How orders, and what hangs on them, are read for GraphQL."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from catalog.seller_access import of_sellers_of, sellers_of
from orders.api.orders import representations as shapes
from orders.api.orders.representations import holder_of_disputes
from orders.api.orders.views import finds_by_seller
from orders.api.record_access import HANGING
from orders.models.adjustment import Adjustment
from orders.models.dispute import Dispute
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.reservation import Reservation
from orders.reads.orders import lines, sub_orders
from shared.api.shapes.shape import Shape
from shared.graphql.doors import Door
from shared.graphql.kinds import Kind, Shown, key_of
from shared.graphql.rows import Level, Row
from shared.planner.prepared import Columns, PreparedRows, as_queryset

ONE_ORDER = Door("order-detail", has_row=True)


_WHOLE = Columns(("pk", "parent_id"))  # of a sub-order
# Lines and sub-orders stand apart: a level asks for them, if they are asked for at all.
_LISTED_ALONE = shapes.LISTED.only(frozenset(shapes.LISTED.names) - {"items", "sub_orders"})


def lines_are_read(order: Any) -> bool:
    return isinstance(order, Order) and "items" in order.__dict__.get("_prefetched_objects_cache", {})


def _listed_as(view: Any) -> Shape | None:
    """A seller's people are shown lines of their own alone, and who asks for a seller's orders whole ones: that is done
    with records."""
    return None if sellers_of(view.request.user) is not None or finds_by_seller(view.request) else _LISTED_ALONE


def _lines_as(view: Any) -> tuple[Shape, Callable[[], QuerySet[OrderItem]]] | None:
    return None if sellers_of(view.request.user) is not None else (shapes.ITEM, lines)


def _rows_of_orders(view: Any) -> QuerySet[Order]:
    """Without what REST's detail prefetches, whether it is asked for here or not; a seller's people are shown
    lines of theirs alone, which come by that way."""
    # REST reads lines and sub-orders with every order; here a level asks for them, once for all of its orders.
    rows = as_queryset(view.get_queryset())
    return rows if sellers_of(view.request.user) is not None else rows.prefetch_related(None)


def _show_orders(_view: Any, orders: Sequence[Order]) -> Shown:
    return [_show_order(order) for order in orders]


def _show_order(order: Order) -> dict[str, Any]:
    if lines_are_read(order):
        return shapes.represent_order(order)
    cache = order.__dict__.setdefault("_prefetched_objects_cache", {})
    cache["items"] = []  # read for all orders of the level, if they are asked for
    try:
        return shapes.represent_order(order)
    finally:
        del cache["items"]


def wholes(level: Level) -> Mapping[UUID, UUID]:
    """Each order of the level, and each sub-order of them, with the order of the level that it belongs to. What hangs
    on a split order hangs on its sub-orders. One statement for the level."""
    return level.once("wholes", lambda: _read_wholes([key_of(row) for row in level.rows]))


def _read_wholes(ids: Sequence[UUID]) -> dict[UUID, UUID]:
    found = PreparedRows.of(sub_orders).filter(parent_id__in=list(ids)).select(_WHOLE)
    return {key: key for key in ids} | {sub_order: whole for sub_order, whole in found if whole is not None}


def disputed(row: Row) -> UUID | None:
    """The order whose disputes are shown with this one, by REST's rule."""
    whole = row["parent"]
    return holder_of_disputes(row["dispute"], UUID(str(whole)) if whole else None, key_of(row))


def _of_whole_order(model: type[Model], name: str, represent: Callable[[Any], dict[str, Any]]) -> Kind:
    """What the whole order alone has: a seller's people see none of it, as in REST."""
    # Whoever may see the order needs the right for what hangs on it, too; REST leaves such lists empty.
    door = Door(ONE_ORDER.route, has_row=True, also=HANGING[name])

    def rows(view: Any) -> QuerySet[Any]:
        # Of money and events of the whole a seller's people learn nothing, as an order may have lines of other sellers.
        hidden = sellers_of(view.request.user) is not None
        return model._default_manager.none() if hidden else model._default_manager.all()

    return Kind(door, door, rows, lambda _view, records: [represent(record) for record in records])


def _rows_of_holds(view: Any) -> QuerySet[Reservation]:
    return of_sellers_of(view.request.user, Reservation.objects.all(), "item__seller_id")


def _rows_of_lines(view: Any) -> QuerySet[OrderItem]:
    return of_sellers_of(view.request.user, OrderItem.objects.select_related("order"), "seller_id")


def _rows_of_reasons(_view: Any) -> QuerySet[Adjustment]:
    return Adjustment.objects.select_related("order")


def _hanging_door(name: str) -> Door:
    return Door(ONE_ORDER.route, has_row=True, also=HANGING[name])


ORDER = Kind(Door("order-list"), ONE_ORDER, _rows_of_orders, _show_orders, listed_as=_listed_as)
# By the door of one order: the list of REST shows whole orders alone.
SUB_ORDER = Kind(ONE_ORDER, ONE_ORDER, _rows_of_orders, _show_orders)
LINE = Kind(
    ONE_ORDER,
    ONE_ORDER,
    _rows_of_lines,
    lambda _view, shown: [shapes.represent_item(line, line.order.currency) for line in shown],
    hanging_as=_lines_as,
)
PAYMENT = _of_whole_order(Payment, "payments", shapes.represent_payment)
DISPUTE = _of_whole_order(Dispute, "disputes", shapes.represent_dispute)
EVENT = _of_whole_order(OrderEvent, "events", shapes.represent_event)
HOLD = Kind(
    _hanging_door("reservations"),
    _hanging_door("reservations"),
    _rows_of_holds,
    lambda _view, holds: [shapes.represent_reservation(hold) for hold in holds],
)
REASON = Kind(
    _hanging_door("adjustments"),
    _hanging_door("adjustments"),
    _rows_of_reasons,
    lambda _view, reasons: [shapes.represent_adjustment(reason, reason.order.currency) for reason in reasons],
)
SHIPMENT = Kind(Door("shipment-list"), Door("shipment-detail", has_row=True))
REFUND = Kind(Door("refund-list"), Door("refund-detail", has_row=True))
RETURN = Kind(Door("return-list"), Door("return-detail", has_row=True))
