"""What goes back by hand is paid out in the form that promises it, where the money is on the counter already."""

from collections.abc import Iterable
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.amounts import ZERO
from orders.incoming_payments.balances import payment_balances
from orders.models.order import Order
from orders.models.refund import Refund
from orders.refunds.promise import MANUAL
from orders.services.refunds.settle_refund import settle_refund
from orders.states import RefundStatus
from shared.actor import Actor

PAID_OUT = "paid_out"


def paid_out_field() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("It is paid out: in cash, or by a transfer"),
        required=False,
        help_text=_(
            "Else it waits among the refunds until somebody says so. What a provider gives back goes by itself."
        ),
    )


def gives_by_hand(parent: Order) -> bool:
    """Whether a payment that staff wrote down has something to give."""
    return any(
        payment.provider == MANUAL and balance.refundable > ZERO for payment, balance in payment_balances(parent)
    )


def pay_out(refunds: Iterable[Refund], *, actor: Actor) -> Decimal:
    """Say of those that go back by hand that they are paid out; how much that is. Each is committed by itself: one
    that is not reached waits among the refunds, as it would have without the tick."""
    by_hand = [refund for refund in refunds if refund.payment.provider == MANUAL and refund.status == RefundStatus.DUE]
    for refund in by_hand:
        settle_refund(refund_id=refund.pk, actor=actor)
    return sum((refund.amount for refund in by_hand), ZERO)


def due_of(parent: Order) -> dict[object, Refund]:
    """Refunds of the order group that wait to be paid out, by their keys."""
    rows = Refund.objects.filter(payment__order=parent, status=RefundStatus.DUE).select_related("payment")
    return {refund.pk: refund for refund in rows}
