"""What can be done to one order, ready to run in a thread."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

from orders.lifecycle.locking import lock_order_group
from orders.models.order import Order
from orders.models.refund import Refund, RefundCause
from orders.refunds.create_refunds import create_refunds
from orders.refunds.promise import RefundPromise
from orders.services.orders.cancel_order import cancel_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.database.transactions import outermost_transaction

LONG_AGO = datetime(2024, 5, 1, 9, 0, tzinfo=UTC)


def pay(order: Order) -> Callable[[], Order]:
    return partial(confirm_payment, order_id=order.pk, actor=SYSTEM, reference="bank-1")


def cancel(order: Order) -> Callable[[], Order]:
    return partial(cancel_order, order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)


def state(order: Order) -> tuple[str, str]:
    """(status, payment status) as they are now."""
    order.refresh_from_db()
    return order.status, order.payment_status


def promise(order: Order, amount: Decimal, cause: RefundCause = RefundCause.AMOUNT) -> Refund:
    with outermost_transaction():
        parent = lock_order_group(order.pk).parent
        asked = RefundPromise(amount=amount, cause=cause, reason="dented", actor=SYSTEM, now=database_now())
        [refund] = create_refunds(parent, parent, asked)
    return refund
