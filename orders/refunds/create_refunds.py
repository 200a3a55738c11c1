"""The one function that promises money back: it makes refunds and counts them on payments and lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.amounts import ZERO, PaymentBalance, spread
from orders.incoming_payments.balances import group_left, payment_balances, seller_order_left
from orders.incoming_payments.receiving import amount_due, kept_due
from orders.lifecycle.changes import change_order
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.order_item import OrderItem
from orders.models.order_return import Return
from orders.models.payment import Payment, PaymentMatch, PaymentRecordStatus
from orders.models.refund import Refund, RefundCause, RefundItem
from orders.states import PAYMENT, OrderStatus, PaymentStatus, RefundStatus, Trigger, is_allowed
from shared.actor import Actor
from shared.background.enqueue import enqueue
from shared.errors import Refusal
from shared.ids import new_id
from shared.money.amounts import format_money, round_money

MANUAL = "manual"


class RefundTooHigh(Refusal):
    code = "refund_exceeds_paid"
    title = _("More than can be given back")


@dataclass(frozen=True, slots=True)
class RefundLine:
    """`amount` for `quantity` units of a line. Of these, `restocked` go back on the shelf and `cancelled_units` had not
    been shipped: they do not go out any more."""

    item: OrderItem
    quantity: int
    amount: Decimal
    restocked: int = 0
    cancelled_units: int = 0


@dataclass(frozen=True, slots=True)
class Gone:
    """What a provider did by itself: its name for it, and how far it is. Nothing is asked of it any more."""

    reference: str
    status: RefundStatus = RefundStatus.DONE
    failure: str = ""


@dataclass(frozen=True, slots=True)
class _Promise:
    """What goes back, why, and through whom."""

    amount: Decimal
    cause: RefundCause
    reason: str
    actor: Actor
    now: datetime
    items: Sequence[RefundLine]
    restocking_fee: Decimal
    shipping_amount: Decimal
    order_return: Return | None
    gone: Gone | None


def create_refunds(  # noqa: PLR0913 - one promise has these many sides
    parent: Order,
    seller_order: Order,
    *,
    amount: Decimal,
    cause: RefundCause,
    reason: str,
    actor: Actor,
    now: datetime,
    event_id: UUID | None = None,
    payment: Payment | None = None,
    items: Sequence[RefundLine] = (),
    restocking_fee: Decimal = ZERO,
    shipping_amount: Decimal = ZERO,
    order_return: Return | None = None,
    gone: Gone | None = None,
) -> list[Refund]:
    """Promise `amount` (above zero, in the order's currency, the fee already taken off) of `root`'s payments back for
    `part`'s goods: one refund for each payment that gives, the first of them with the lines.

    Without `payment` one that has enough left gives all, else the oldest first. OVERPAYMENT takes what is owed back
    anyhow (too much, twice, too late), every other cause what counts for the order. EDIT: call it when the part's
    total is lowered already, it gives what the order no longer costs. No part gives more than its own total.
    Sets payment states, raises the versions, writes the event of the part (`event_id`) and of its parent order, and
    asks the provider where there is one. `gone`: the provider has done it already.
    Restocks nothing: `orders.refunds.closing.put_back` does, last in the transaction.
    Raises RefundTooHigh. The order group must be locked; runs inside the caller's transaction.
    """
    promise = _Promise(
        amount, cause, reason, actor, now, tuple(items), restocking_fee, shipping_amount, order_return, gone
    )
    available = payment_balances(parent)
    chosen = [(paid, _has(balance, cause)) for paid, balance in available if payment is None or paid.pk == payment.pk]
    _check(parent, seller_order, promise, sum((has for _paid, has in chosen), ZERO))
    takes = spread(amount, [has for _paid, has in chosen])
    refunds = _write(
        seller_order, promise, [(paid, take) for (paid, _has), take in zip(chosen, takes, strict=True) if take]
    )
    _count_on_lines(promise.items)
    _tell(parent, seller_order, promise, refunds, event_id)
    for refund in refunds:
        if refund.payment.provider != MANUAL and gone is None:
            enqueue("payments.send_refund", refund_id=str(refund.pk))
    return refunds


def _has(balance: PaymentBalance, cause: RefundCause) -> Decimal:
    return balance.overpaid if cause == RefundCause.OVERPAYMENT else balance.refundable


def _check(parent: Order, seller_order: Order, promise: _Promise, in_payments: Decimal) -> None:
    if promise.cause == RefundCause.OVERPAYMENT:
        most = in_payments
    elif promise.cause == RefundCause.EDIT:
        most = in_payments - group_left(parent)
    else:
        most = min(in_payments, seller_order_left(seller_order))
    if not ZERO < promise.amount <= most or promise.amount != round_money(promise.amount, parent.currency):
        raise RefundTooHigh(
            gettext("Of order %(number)s up to %(most)s %(currency)s can be given back, not %(amount)s.")
            % {
                "number": seller_order.number,
                "most": format_money(max(most, ZERO), parent.currency),
                "currency": parent.currency,
                "amount": f"{promise.amount:f}",
            },
            refundable=format_money(max(most, ZERO), parent.currency),
            currency=parent.currency,
        )


def _write(seller_order: Order, promise: _Promise, takes: Sequence[tuple[Payment, Decimal]]) -> list[Refund]:
    refunds = []
    for place, (payment, take) in enumerate(takes):
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
        _take(payment, take, promise.now)
    Refund.objects.bulk_create(refunds)
    RefundItem.objects.bulk_create(
        RefundItem(
            id=new_id(),
            refund=refunds[0],
            item=line.item,
            quantity=line.quantity,
            amount=line.amount,
            restocked_quantity=line.restocked,
        )
        for line in promise.items
    )
    return refunds


def _done_by_provider(promise: _Promise) -> dict[str, Any]:
    if promise.gone is None:
        return {}
    gone = promise.gone
    done_at = promise.now if gone.status == RefundStatus.DONE else None
    return {"status": gone.status, "reference": gone.reference[:255], "failure": gone.failure[:200], "done_at": done_at}


def _take(payment: Payment, amount: Decimal, now: datetime) -> None:
    """Count it on the payment; one that gave all it had is REFUNDED, and what was odd about it is settled."""
    payment.refunded_amount += amount
    if payment.refunded_amount == payment.amount:
        payment.status = PaymentRecordStatus.REFUNDED
        if payment.match != PaymentMatch.EXACT and payment.settled_at is None:
            payment.settled_at = now
    # Relative, so that the CHECK refuses what a caller without the lock would promise twice.
    Payment.objects.filter(pk=payment.pk).update(
        refunded_amount=F("refunded_amount") + amount, status=payment.status, settled_at=payment.settled_at
    )


def _count_on_lines(lines: Sequence[RefundLine]) -> None:
    """Of each line the units refunded and called off; a line of which nothing is left and nothing went out is
    CANCELLED."""
    for line in lines:
        item = line.item
        item.refunded_quantity += line.quantity
        item.cancelled_quantity += line.cancelled_units
        gone = line.cancelled_units and item.cancelled_quantity == item.quantity
        OrderItem.objects.filter(pk=item.pk).update(
            refunded_quantity=F("refunded_quantity") + line.quantity,
            cancelled_quantity=F("cancelled_quantity") + line.cancelled_units,
            **({"status": OrderStatus.CANCELLED} if gone else {}),
        )


def _tell(
    parent: Order, seller_order: Order, promise: _Promise, refunds: Sequence[Refund], event_id: UUID | None
) -> None:
    """The payment states and the events. Of a split order the part's state follows its own share."""
    data = _details(seller_order, promise, refunds)
    money = [balance for _payment, balance in payment_balances(parent)]
    whole = _state_after(
        parent, promise.cause, money, spent=sum((balance.refundable for balance in money), ZERO) == ZERO
    )
    change: dict[str, Any] = {"kind": EventKind.REFUNDED, "actor": promise.actor, "now": promise.now}
    change |= {"reason": promise.reason, "data": data}
    kept = _open_amount(parent)
    if seller_order.pk == parent.pk:
        change_order(parent, payment_status=whole, event_id=event_id, **change, **kept)
        return
    own = _state_after(seller_order, promise.cause, money, spent=seller_order_left(seller_order) == ZERO)
    change_order(seller_order, payment_status=own, event_id=event_id, **change)
    change_order(parent, payment_status=whole, **change, **kept)


def _open_amount(parent: Order) -> dict[str, Any]:
    """Of an unpaid order the part that came in may go back; else what goes back is not asked for again."""
    if parent.status != OrderStatus.PENDING or parent.open_amount is None:
        return {}
    due = amount_due(parent, Payment.objects.filter(order=parent))
    return {"open_amount": kept_due(due, total=parent.total, is_paid=False)}


def _state_after(order: Order, cause: RefundCause, money: Sequence[PaymentBalance], *, spent: bool) -> str:
    """An overpayment that went back leaves the order paid as it is, unless it was all that the order still owed."""
    if order.payment_status == PaymentStatus.REFUND_DUE:
        spent = not any(balance.overpaid for balance in money)
    elif cause == RefundCause.OVERPAYMENT:
        return order.payment_status
    target = PaymentStatus.REFUNDED if spent else PaymentStatus.PARTIALLY_REFUNDED
    return (
        target if is_allowed(order.payment_status, target, by=Trigger.REFUND, table=PAYMENT) else order.payment_status
    )


def _details(seller_order: Order, promise: _Promise, refunds: Sequence[Refund]) -> dict[str, Any]:
    def money(amount: Decimal) -> str:
        return format_money(amount, seller_order.currency)

    return {
        "part": seller_order.number,
        "cause": promise.cause.value,
        "amount": money(promise.amount),
        "currency": seller_order.currency,
        "reference": promise.gone.reference if promise.gone else "",
        "restocking_fee": money(promise.restocking_fee),
        "shipping_amount": money(promise.shipping_amount),
        "refunds": [
            {"id": str(refund.pk), "payment": str(refund.payment_id), "amount": money(refund.amount)}
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
            for line in promise.items
        ],
    }
