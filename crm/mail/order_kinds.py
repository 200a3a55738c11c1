"""Which e-mail an event of an order asks for."""

from crm.models.order_mail import OrderMailKind
from orders.models.order_event import EventKind
from orders.states import CancelReason

_KINDS = {
    EventKind.PLACED.value: OrderMailKind.CONFIRMATION,
    EventKind.EXPIRED.value: OrderMailKind.TIMED_OUT,
    EventKind.REFUNDED.value: OrderMailKind.REFUNDED,
}


def kind_of(event_kind: str, cancel_reason: str) -> OrderMailKind:
    """Which e-mail tells of an event that was found; `cancel_reason` is its order's."""
    if event_kind == EventKind.CANCELLED:
        by_customer = cancel_reason == CancelReason.CUSTOMER
        return OrderMailKind.CANCELLED_BY_CUSTOMER if by_customer else OrderMailKind.CANCELLED_BY_STAFF
    return _KINDS.get(event_kind, OrderMailKind.SHIPPED)
