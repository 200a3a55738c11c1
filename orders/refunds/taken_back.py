"""Money that is gone without our asking: given back at the provider, or taken by a bank; and money that came again.

The order group must be locked.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F

from orders.incoming_payments.amounts import ZERO
from orders.incoming_payments.balances import payment_balances, refunds_of_total, seller_order_left
from orders.lifecycle.changes import change_order
from orders.lifecycle.checks import check_step
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.payment import Payment, PaymentMatch, PaymentRecordStatus
from orders.models.refund import Refund, RefundCause
from orders.refunds.create_refunds import create_refunds
from orders.refunds.promise import ProviderRefund, RefundPromise
from orders.states import REFUND, OrderStatus, PaymentStatus, RefundStatus, Trigger
from shared.actor import SYSTEM
from shared.money.amounts import format_money


def take_back(
    group: OrderGroup,
    intent_id: UUID,
    amount: Decimal,
    *,
    cause: RefundCause,
    gone: ProviderRefund,
    reason: str,
    now: datetime,
) -> Decimal:
    """Count `amount` as gone from the payments of one intent: first what was owed back anyhow, then what counts for the
    order, which of a split one is its sub-orders' in turn. Returns what no payment covers."""
    rest = amount
    # An intent captured in steps is several payments: what is gone is counted on the oldest first.
    for payment in Payment.objects.filter(order=group.parent, intent_id=intent_id).order_by("id"):
        # What nobody is entitled to goes first: the order stays paid as long as its own money is there.
        for own_cause in (RefundCause.OVERPAYMENT, cause):
            for seller_order in group.seller_orders if own_cause == cause else (group.parent,):
                share = min(rest, _most_refundable(group.parent, seller_order, payment, own_cause))
                if share <= 0:
                    continue
                _keep_part_payment(payment, share)
                promise = RefundPromise(
                    amount=share,
                    cause=own_cause,
                    reason=reason,
                    actor=SYSTEM,
                    now=now,
                    payment=payment,
                    by_provider=gone,
                )
                create_refunds(group.parent, seller_order, promise)
                rest -= share
    return rest


def bring_back(group: OrderGroup, refunds: Sequence[Refund], *, reason: str, now: datetime) -> None:
    """What was taken is here again: the refunds are called off, and payments and states are as they were before."""
    for refund in refunds:
        check_step(str(refund), refund.status, RefundStatus.CANCELLED, by=Trigger.PROVIDER, table=REFUND)
        # Called off, not deleted: the books keep both, the taking and the bringing back.
        Refund.objects.filter(pk=refund.pk).update(status=RefundStatus.CANCELLED, done_at=None)
        payment = Payment.objects.get(pk=refund.payment_id)
        Payment.objects.filter(pk=payment.pk).update(
            refunded_amount=F("refunded_amount") - refund.amount, status=_status_again(group.parent, payment)
        )
        seller_order = group.member(refund.order_id)
        _record_taken_back(seller_order, refund, reason, now, _state_again(seller_order))
        if seller_order.pk != group.parent.pk:
            _record_taken_back(
                group.parent,
                refund,
                reason,
                now,
                _state_again(group.parent, [seller_order.pk for seller_order in group.seller_orders]),
            )


def _most_refundable(parent: Order, seller_order: Order, payment: Payment, cause: RefundCause) -> Decimal:
    balance = next(balance for paid, balance in payment_balances(parent) if paid.pk == payment.pk)
    return (
        balance.overpaid
        if cause == RefundCause.OVERPAYMENT
        else min(balance.refundable, seller_order_left(seller_order))
    )


def _keep_part_payment(payment: Payment, share: Decimal) -> None:
    """Of a payment that waits for the rest a part may go: what is left of it goes on waiting."""
    # The loop above gave from it before, by updates that this instance has not seen.
    payment.refresh_from_db()
    if payment.status == PaymentRecordStatus.UNDERPAID and payment.refunded_amount + share < payment.amount:
        Payment.objects.filter(pk=payment.pk).update(excess_amount=F("excess_amount") + share)


def _status_again(parent: Order, payment: Payment) -> str:
    if payment.status != PaymentRecordStatus.REFUNDED:
        return payment.status
    # By how it met the order, which never changes; the status it had before it was REFUNDED is not kept.
    is_owed = payment.match in (PaymentMatch.DUPLICATE, PaymentMatch.UNDER) or parent.status == OrderStatus.CANCELLED
    return PaymentRecordStatus.REFUND_DUE if is_owed else PaymentRecordStatus.PAID


def _state_again(order: Order, seller_orders: Sequence[UUID] = ()) -> str:
    """By what still stands of its refunds."""
    if order.payment_status not in (PaymentStatus.REFUNDED, PaymentStatus.PARTIALLY_REFUNDED):
        return order.payment_status
    if order.status == OrderStatus.CANCELLED:
        is_owed = Payment.objects.filter(order=order, status=PaymentRecordStatus.REFUND_DUE).exists()
        return PaymentStatus.REFUND_DUE if is_owed else order.payment_status
    back = sum(refunds_of_total().filter(order__in=[order.pk, *seller_orders]).values_list("amount", flat=True), ZERO)
    was_changed = Refund.objects.filter(order__in=[order.pk, *seller_orders], cause=RefundCause.EDIT).exists()
    return PaymentStatus.PARTIALLY_REFUNDED if back or was_changed else PaymentStatus.PAID


def _record_taken_back(order: Order, refund: Refund, reason: str, now: datetime, payment_status: str) -> None:
    data: dict[str, Any] = {
        "refund": str(refund.pk),
        "refund_status": RefundStatus.CANCELLED.value,
        "amount": format_money(refund.amount, refund.currency),
        "currency": refund.currency,
        "reference": refund.reference,
    }
    change_order(
        order,
        kind=EventKind.REFUNDED,
        actor=SYSTEM,
        now=now,
        reason=reason,
        data=data,
        payment_status=payment_status,
    )
