"""What is still to come in for an order: worked out from its payments, and as the order keeps it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from orders.incoming_payments.balances import group_left, payment_balances
from orders.models.order import Order
from orders.models.payment import Payment, PaymentRecordStatus
from orders.states import UNPAID, OrderStatus, PaymentStatus

ZERO = Decimal(0)


class KeepsItsDue(Protocol):
    """An order, or as much of its row."""

    @property
    def parent_id(self) -> UUID | None: ...
    @property
    def status(self) -> str: ...
    @property
    def payment_status(self) -> str: ...
    @property
    def open_amount(self) -> Decimal | None: ...
    @property
    def total(self) -> Decimal: ...


def amount_due(order: Order, payments: Iterable[Payment]) -> Decimal:
    """What is still to come in for the order; nothing once it is over. What went back is not asked for again, what the
    order was changed to cost more is."""
    if order.status == OrderStatus.CANCELLED or order.payment_status == PaymentStatus.REFUND_DUE:
        return ZERO
    # Some of it went back: what is missing is what the goods still cost beside what the payments still hold.
    if order.payment_status not in (*UNPAID, PaymentStatus.PAID):
        refundable_sum = sum((balance.refundable for _payment, balance in payment_balances(order)), ZERO)
        return max(group_left(order) - refundable_sum, ZERO)
    counting = (PaymentRecordStatus.PAID, PaymentRecordStatus.UNDERPAID)
    # Without what came in excess: that is owed back, and pays for nothing.
    here = sum((paid.amount - paid.excess_amount for paid in payments if paid.status in counting), ZERO)
    return max(order.total - here, ZERO)


def shown_due(order: KeepsItsDue) -> Decimal:
    """What the order is due, as its own row keeps it: lists need no payments. Nothing of a sub-order, whose money is
    the parent order's."""
    if order.parent_id or order.status == OrderStatus.CANCELLED or order.payment_status == PaymentStatus.REFUND_DUE:
        return ZERO
    if order.open_amount is not None:
        return order.open_amount
    return order.total if order.payment_status in UNPAID else ZERO


def kept_due(due: Decimal, *, total: Decimal, is_paid: bool) -> Decimal | None:
    """What an order keeps as its open amount: nothing where that goes without saying."""
    return None if due == (ZERO if is_paid else total) else due
