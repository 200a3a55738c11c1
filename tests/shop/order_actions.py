"""What can be done to one order, ready to run in a thread."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from orders.models.order import Order
from orders.services.orders.cancel_order import cancel_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import CancelReason
from shared.actor import SYSTEM

LONG_AGO = datetime(2024, 5, 1, 9, 0, tzinfo=UTC)


def pay(order: Order) -> Callable[[], Order]:
    return partial(confirm_payment, order_id=order.pk, actor=SYSTEM, reference="bank-1")


def cancel(order: Order) -> Callable[[], Order]:
    return partial(cancel_order, order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)


def state(order: Order) -> tuple[str, str]:
    """(status, payment status) as they are now."""
    order.refresh_from_db()
    return order.status, order.payment_status
