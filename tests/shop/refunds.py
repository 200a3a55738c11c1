"""Refunds as staff ask for them; the job that sends them has not run yet."""

from decimal import Decimal

from orders.lifecycle.locking import lock_order_group
from orders.models.order import Order
from orders.models.refund import Refund, RefundCause
from orders.refunds.create_refunds import create_refunds
from orders.refunds.promise import RefundPromise
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.database.transactions import outermost_transaction


def promise(order: Order, amount: Decimal, cause: RefundCause = RefundCause.AMOUNT) -> Refund:
    with outermost_transaction():
        parent = lock_order_group(order.pk).parent
        asked = RefundPromise(amount=amount, cause=cause, reason="dented", actor=SYSTEM, now=database_now())
        [refund] = create_refunds(parent, parent, asked)
    return refund
