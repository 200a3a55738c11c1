"""The one function that promises money back: it makes refunds and counts them on payments and lines."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.amounts import ZERO, PaymentBalance, spread
from orders.incoming_payments.balances import group_left, payment_balances, seller_order_left
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.payment import Payment, PaymentMatch, PaymentRecordStatus
from orders.models.refund import Refund, RefundCause, RefundItem
from orders.refunds.promise import MANUAL, RefundLine, RefundPromise
from orders.refunds.refund_events import record_refunds
from orders.states import OrderStatus, RefundStatus
from shared.background.enqueue import enqueue
from shared.database.insert_rows import insert_rows
from shared.errors import Refusal
from shared.ids import new_id
from shared.money.amounts import format_money, round_money
from shared.planner.compiled import Update, compiled_update


class RefundTooHigh(Refusal):
    code = "refund_exceeds_paid"
    title = _("More than can be given back")
    members = {"refundable": str, "currency": str}


def create_refunds(parent: Order, seller_order: Order, promise: RefundPromise) -> list[Refund]:
    """Make the refunds of what is promised for `seller_order`'s goods out of `parent`'s payments: one for each payment
    that gives, the first of them with the lines.

    OVERPAYMENT takes what is owed back anyhow (too much, twice, too late), every other cause what counts for the order.
    EDIT: call it when the sub-order's total is lowered already, it gives what the order no longer costs. No sub-order
    gives more than its own total. Sets payment states, raises the versions, writes the event of the sub-order and of
    its parent order, and asks the provider where there is one.
    Restocks nothing: `orders.refunds.closing.put_back` does, last in the transaction.
    Raises RefundTooHigh. The order group must be locked; runs inside the caller's transaction.
    """
    chosen = [
        (paid, _available_for(balance, promise.cause))
        for paid, balance in payment_balances(parent)
        if promise.payment is None or paid.pk == promise.payment.pk
    ]
    _check_amount(parent, seller_order, promise, sum((available for _paid, available in chosen), ZERO))
    takes = spread(promise.amount, [available for _paid, available in chosen])
    giving = [(paid, take) for (paid, _available), take in zip(chosen, takes, strict=True) if take]
    refunds = _write_refunds(seller_order, promise, giving)
    _count_on_lines(promise.lines)
    record_refunds(parent, seller_order, promise, refunds)
    for refund in refunds:
        # The job's row commits with the refund: a provider is asked for nothing that was rolled back, and asked for all
        # else.
        if refund.payment.provider != MANUAL and promise.by_provider is None:
            enqueue("payments.send_refund", refund_id=str(refund.pk))
    return refunds


def _available_for(balance: PaymentBalance, cause: RefundCause) -> Decimal:
    return balance.overpaid if cause == RefundCause.OVERPAYMENT else balance.refundable


def _check_amount(parent: Order, seller_order: Order, promise: RefundPromise, in_payments: Decimal) -> None:
    if promise.cause == RefundCause.OVERPAYMENT:
        most = in_payments
    elif promise.cause == RefundCause.EDIT:
        # What the order still costs must stay in its payments.
        most = in_payments - group_left(parent)
    else:
        most = min(in_payments, seller_order_left(seller_order))
    if not ZERO < promise.amount <= most or promise.amount != round_money(promise.amount, parent.currency):
        text = gettext("Of order %(number)s up to %(most)s %(currency)s can be given back, not %(amount)s.") % {
            "number": seller_order.number,
            "most": format_money(max(most, ZERO), parent.currency),
            "currency": parent.currency,
            "amount": f"{promise.amount:f}",
        }
        if promise.restocking_fee and promise.amount <= ZERO:
            text = fee_takes_all(promise.amount + promise.restocking_fee, parent.currency)
        raise RefundTooHigh(text, refundable=format_money(max(most, ZERO), parent.currency), currency=parent.currency)


def fee_takes_all(worth: Decimal, currency: str) -> str:
    """Why nothing goes back of so much, where not the payments are to blame."""
    values = {"amount": format_money(worth, currency), "currency": currency}
    return gettext("The fee leaves nothing to give back of %(amount)s %(currency)s.") % values


def _write_refunds(
    seller_order: Order, promise: RefundPromise, takes: Sequence[tuple[Payment, Decimal]]
) -> list[Refund]:
    refunds = []
    for place, (payment, take) in enumerate(takes):
        # Lines, fee and shipping belong to the promise, not to a payment: named on one refund, they are counted once.
        first = place == 0
        refunds.append(
            Refund(
                id=new_id(),
                order=seller_order,
                payment=payment,
                order_return=promise.order_return,
                cause=promise.cause,
                amount=take,
                currency=seller_order.currency,
                restocking_fee=promise.restocking_fee if first else ZERO,
                shipping_amount=promise.shipping_amount if first else ZERO,
                reason=promise.reason,
                actor_id=promise.actor.user_id,
                created_at=promise.now,
                **_done_by_provider(promise),
            )
        )
        _take_from_payment(payment, take, promise.now)
    insert_rows(refunds)
    insert_rows(
        [
            RefundItem(
                id=new_id(),
                refund=refunds[0],
                item=line.item,
                quantity=line.quantity,
                amount=line.amount,
                restocked_quantity=line.restocked,
            )
            for line in promise.lines
        ]
    )
    return refunds


def _done_by_provider(promise: RefundPromise) -> dict[str, Any]:
    done = promise.by_provider
    if done is None:
        return {}
    done_at = promise.now if done.status == RefundStatus.DONE else None
    return {"status": done.status, "reference": done.reference[:255], "failure": done.failure[:200], "done_at": done_at}


def _take_from_payment(payment: Payment, amount: Decimal, now: datetime) -> None:
    """Count it on the payment; one that gave all it had is REFUNDED, and what was odd about it is settled."""
    payment.refunded_amount += amount
    if payment.refunded_amount == payment.amount:
        payment.status = PaymentRecordStatus.REFUNDED
        if payment.match != PaymentMatch.EXACT and payment.settled_at is None:
            payment.settled_at = now
    # Relative, so that the CHECK refuses what a caller without the lock would promise twice.
    _take(payment_id=payment.pk, amount=amount, status=payment.status, settled_at=payment.settled_at)


@compiled_update
def _take(*, payment_id: UUID, amount: Decimal, status: str, settled_at: datetime | None) -> Update:
    taken = {"refunded_amount": F("refunded_amount") + amount, "status": status, "settled_at": settled_at}
    return Update(Payment.objects.filter(pk=payment_id), taken)


def _count_on_lines(lines: Sequence[RefundLine]) -> None:
    """Of each line the units refunded and called off; a line of which nothing is left and nothing went out is
    CANCELLED."""
    for line in lines:
        item = line.item
        item.refunded_quantity += line.quantity
        item.cancelled_quantity += line.cancelled_units
        # Not by refunded units: what was shipped is refunded, too, and such a line has been delivered.
        gone = line.cancelled_units and item.cancelled_quantity == item.quantity
        if gone:
            item.status = OrderStatus.CANCELLED
        _count(item_id=item.pk, refunded=line.quantity, cancelled=line.cancelled_units, status=item.status)


@compiled_update
def _count(*, item_id: UUID, refunded: int, cancelled: int, status: str) -> Update:
    counted = {
        "refunded_quantity": F("refunded_quantity") + refunded,
        "cancelled_quantity": F("cancelled_quantity") + cancelled,
        "status": status,
    }
    return Update(OrderItem.objects.filter(pk=item_id), counted)
