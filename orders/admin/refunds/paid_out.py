"""What goes back by hand is paid out in the form that promises it, where the money is on the counter already."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.amounts import ZERO, spread
from orders.incoming_payments.balances import payment_balances
from orders.models.order import Order
from orders.models.refund import Refund, RefundCause
from orders.refunds.promise import MANUAL
from orders.services.refunds.settle_refund import settle_refund
from orders.states import RefundStatus
from shared.actor import Actor
from shared.admin.display import money
from shared.admin.form_page import Facts
from shared.errors import Refusal

PAID_OUT, REFERENCE = "paid_out", "paid_out_reference"


def paid_out_field() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("It is paid out: in cash, or by a transfer"),
        required=False,
        help_text=_(
            "Else it waits among the refunds until somebody says so. What a provider gives back goes by itself."
        ),
    )


def reference_field() -> forms.CharField:
    return forms.CharField(
        label=_("Reference of the transfer"),
        required=False,
        max_length=255,
        help_text=_("Of what is paid out: the bank's name for it."),
    )


def without_what_goes_by_itself(form: forms.Form, parent: Order) -> None:
    """Take the fields away where no payment that staff wrote down has something to give."""
    if not _by_hand(parent):
        for name in (PAID_OUT, REFERENCE):
            del form.fields[name]


def facts_of_paying_out(values: Mapping[str, Any], parent: Order, amounts: Sequence[Decimal]) -> Facts:
    """How much of the amounts, one a seller order, is on the counter, where that was ticked, and how much a provider
    sends: the same payments give, in the same order, as when the refunds are made."""
    if not values.get(PAID_OUT) or any(amount < ZERO for amount in amounts):
        return []
    balances = payment_balances(parent)
    available = [balance.refundable for _payment, balance in balances]
    by_hand = ZERO
    for amount in amounts:
        takes = spread(amount, available)
        available = [has - take for has, take in zip(available, takes, strict=True)]
        by_hand += sum((take for (paid, _), take in zip(balances, takes, strict=True) if paid.provider == MANUAL), ZERO)
    facts = [(gettext("Paid out by hand"), money(by_hand, parent.currency))]
    if by_hand < sum(amounts, ZERO):
        facts.append((gettext("Sent by the payment provider"), money(sum(amounts, ZERO) - by_hand, parent.currency)))
    return facts


def pay_out(refunds: Iterable[Refund], values: Mapping[str, Any], *, actor: Actor) -> str:
    """Say of those that go back by hand that they are paid out, where that was ticked; what to tell of it.

    The refunds are made and committed. Each is paid out by itself: one that cannot be waits among the refunds, as it
    would have without the tick, and is named.
    """
    if not values.get(PAID_OUT):
        return ""
    by_hand = [refund for refund in refunds if refund.payment.provider == MANUAL and refund.status == RefundStatus.DUE]
    if not by_hand:
        return gettext("Nothing of it goes back by hand: do not pay it out.")
    told, paid, currency = [], ZERO, by_hand[0].currency
    for refund in by_hand:
        try:
            settle_refund(refund_id=refund.pk, actor=actor, reference=values.get(REFERENCE, ""))
            paid += refund.amount
        except Refusal as refusal:
            still = gettext("%(amount)s are made, and still wait among the refunds: %(why)s")
            told.append(still % {"amount": money(refund.amount, currency), "why": refusal.detail})
    if paid:
        told.insert(0, gettext("%(amount)s are paid out.") % {"amount": money(paid, currency)})
    return " ".join(told)


def due_of_cancellation(seller_orders: Sequence[Order]) -> dict[object, Refund]:
    """Refunds of these orders' own cancellation that wait to be paid out, by their keys."""
    rows = Refund.objects.filter(order__in=seller_orders, cause=RefundCause.CANCELLATION, status=RefundStatus.DUE)
    return {refund.pk: refund for refund in rows.select_related("payment")}


def _by_hand(parent: Order) -> bool:
    return any(
        payment.provider == MANUAL and balance.refundable > ZERO for payment, balance in payment_balances(parent)
    )
