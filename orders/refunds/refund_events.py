"""The payment states and the events of refunds that were made."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from orders.incoming_payments.amounts import ZERO, PaymentBalance
from orders.incoming_payments.balances import payment_balances, seller_order_left
from orders.incoming_payments.due import amount_due, kept_due
from orders.lifecycle.changes import change_order
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.payment import Payment
from orders.models.refund import Refund, RefundCause
from orders.refunds.promise import RefundPromise
from orders.states import PAYMENT, OrderStatus, PaymentStatus, Trigger, is_allowed
from shared.money.amounts import format_money


def record_refunds(parent: Order, seller_order: Order, promise: RefundPromise, refunds: Sequence[Refund]) -> None:
    """The payment states and the events. Of a split order the sub-order's state follows its own share."""
    data = _refund_details(seller_order, promise, refunds)
    money = [balance for _payment, balance in payment_balances(parent)]
    whole = _state_after(
        parent, promise.cause, money, spent=sum((balance.refundable for balance in money), ZERO) == ZERO
    )
    change: dict[str, Any] = {"kind": EventKind.REFUNDED, "actor": promise.actor, "now": promise.now}
    change |= {"reason": promise.reason, "data": data}
    kept = _open_amount(parent)
    if seller_order.pk == parent.pk:
        change_order(parent, payment_status=whole, event_id=promise.event_id, **change, **kept)
        return
    own = _state_after(seller_order, promise.cause, money, spent=seller_order_left(seller_order) == ZERO)
    # The id goes to the sub-order's event: that is where a second try of the same request looks.
    change_order(seller_order, payment_status=own, event_id=promise.event_id, **change)
    change_order(parent, payment_status=whole, **change, **kept)


def _open_amount(parent: Order) -> dict[str, Any]:
    """Of an unpaid order the part that came in may go back; else what goes back is not asked for again."""
    if parent.status != OrderStatus.PENDING or parent.open_amount is None:
        return {}
    due = amount_due(parent, Payment.objects.filter(order=parent))
    return {"open_amount": kept_due(due, total=parent.total, is_paid=False)}


def _state_after(order: Order, cause: RefundCause, money: Sequence[PaymentBalance], *, spent: bool) -> str:
    """An overpayment that went back leaves the order paid as it is, unless it was all that the order still owed."""
    # Where money is owed back it counts that nothing is owed any more, not what the order itself has left.
    if order.payment_status == PaymentStatus.REFUND_DUE:
        spent = not any(balance.overpaid for balance in money)
    elif cause == RefundCause.OVERPAYMENT:
        return order.payment_status
    target = PaymentStatus.REFUNDED if spent else PaymentStatus.PARTIALLY_REFUNDED
    return (
        target if is_allowed(order.payment_status, target, by=Trigger.REFUND, table=PAYMENT) else order.payment_status
    )


def _refund_details(seller_order: Order, promise: RefundPromise, refunds: Sequence[Refund]) -> dict[str, Any]:
    def money(amount: Decimal) -> str:
        return format_money(amount, seller_order.currency)

    return {
        "seller_order": seller_order.number,
        "cause": promise.cause.value,
        "amount": money(promise.amount),
        "currency": seller_order.currency,
        "reference": promise.by_provider.reference if promise.by_provider else "",
        "restocking_fee": money(promise.restocking_fee),
        "shipping_amount": money(promise.shipping_amount),
        "refunds": [
            {
                "id": str(refund.pk),
                "payment": str(refund.payment_id),
                "amount": money(refund.amount),
                "status": str(refund.status),
            }
            for refund in refunds
        ],
        "items": [
            {
                "item": str(line.item.pk),
                "sku": line.item.sku,
                "quantity": line.quantity,
                "amount": money(line.amount),
                "restocked": line.restocked,
                "cancelled_units": line.cancelled_units,
            }
            for line in promise.lines
        ],
    }
