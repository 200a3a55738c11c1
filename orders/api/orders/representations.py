"""Orders as JSON-ready dicts: the members that the serializers beside them declare, of records and of rows."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from orders.api.orders.serializers import (
    AdjustmentSerializer,
    BoardOrderSerializer,
    DisputeSerializer,
    OrderEventSerializer,
    OrderInFullSerializer,
    OrderItemSerializer,
    OrderSerializer,
    PaymentSerializer,
    ReservationSerializer,
    SubOrderSerializer,
)
from orders.models.adjustment import Adjustment
from orders.models.dispute import Dispute
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.reservation import Reservation
from orders.reads.orders import reasons_shown, sub_orders_shown
from shared.api.shapes.shape import Shape, shape_of

# Made once: which member comes from which column is settled when the module is loaded, not with each order.
IN_FULL = shape_of(OrderInFullSerializer)
LISTED = shape_of(OrderSerializer)
ON_BOARD = shape_of(BoardOrderSerializer)
SUB_ORDER = shape_of(SubOrderSerializer)
ITEM = shape_of(OrderItemSerializer, currency="order__currency")
LINE = shape_of(OrderItemSerializer, currency=None)  # beside the order, whose currency it has
_PAYMENT = shape_of(PaymentSerializer)
_DISPUTE = shape_of(DisputeSerializer)
_RESERVATION = shape_of(ReservationSerializer)
_ADJUSTMENT = shape_of(AdjustmentSerializer)
_EVENT = shape_of(OrderEventSerializer)


def represent_order_in_full(order: Order, fields: frozenset[str] | None = None) -> dict[str, Any]:
    """The order with everything that hangs on it (orders.reads.in_full), or these members alone."""
    return _represent(IN_FULL.only(fields), order)


def represent_order(order: Order) -> dict[str, Any]:
    """The order as lists show it, with the lines and sub-orders that were read with it."""
    return _represent(LISTED, order)


def _represent(shape: Shape, order: Order) -> dict[str, Any]:
    shown = shape.of_instance(order, order.currency)
    for name, represent in _HANGING.items():
        # Of a sparse answer only what was asked for is read and shown.
        if name in shown:
            shown[name] = represent(order)
    return shown


def _items(order: Order) -> list[dict[str, Any]]:
    currency = order.currency
    return [represent_item(item, currency) for item in order.items.all()]


def _sub_orders(order: Order) -> list[dict[str, Any]]:
    """Of a split order; their lines stand with the order's."""
    return [SUB_ORDER.of_instance(seller_order, seller_order.currency) for seller_order in sub_orders_shown(order)]


# Gathered from the lines, which were read with theirs: one statement for all.
def _reservations(order: Order) -> list[dict[str, Any]]:
    return [represent_reservation(hold) for item in order.items.all() for hold in item.reservations.all()]


def _disputes(order: Order) -> list[dict[str, Any]]:
    """Few orders have any, and only these are asked."""
    holder = holder_of_disputes(order.dispute, order.parent_id, order.pk)
    return [represent_dispute(each) for each in Dispute.objects.filter(order=holder).order_by("id")] if holder else []


def holder_of_disputes(flag: str, whole: UUID | None, own: UUID) -> UUID | None:
    """The order whose disputes are shown with this one, by its id and its flag: a sub-order's are the `whole` order's.
    None once they are settled and have left no flag."""
    return (whole or own) if flag else None


# One table for records and for what sparse answers ask: a member is shown if it is declared, and read if it is shown.
_HANGING: Mapping[str, Callable[[Order], list[dict[str, Any]]]] = {
    "items": _items,
    "sub_orders": _sub_orders,
    "disputes": _disputes,
    "payments": lambda order: [represent_payment(payment) for payment in order.payments.all()],
    "reservations": _reservations,
    "events": lambda order: [represent_event(event) for event in order.events.all()],
    "adjustments": lambda order: [represent_adjustment(reason, order.currency) for reason in reasons_shown(order)],
}


def represent_item(item: OrderItem, currency: str) -> dict[str, Any]:
    """One line; amounts in the order's currency."""
    return ITEM.of_instance(item, currency)


def represent_dispute(dispute: Dispute) -> dict[str, Any]:
    return _DISPUTE.of_instance(dispute, dispute.currency)


def represent_payment(payment: Payment) -> dict[str, Any]:
    return _PAYMENT.of_instance(payment, payment.currency)


def represent_reservation(hold: Reservation) -> dict[str, Any]:
    return _RESERVATION.of_instance(hold, "")


def represent_adjustment(reason: Adjustment, currency: str) -> dict[str, Any]:
    """Why the order costs what it costs; the amount is in its currency."""
    return _ADJUSTMENT.of_instance(reason, currency)


def represent_event(event: OrderEvent) -> dict[str, Any]:
    return _EVENT.of_instance(event, "")
