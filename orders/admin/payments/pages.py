"""The pages on which staff settle what was odd about a payment."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.models.payment import Payment, PaymentMatch, PaymentRecordStatus
from orders.services.payments.settle_payment import accept_short_payment, mark_payment_settled, refund_overpayment
from orders.states import OrderStatus
from shared.admin.base import actor_of
from shared.admin.display import change_url, money
from shared.admin.form_page import Done, Facts, FormPage
from shared.admin.forms import StyledForm, posted


class ReasonForm(StyledForm):
    # Demanded: each of these leaves money that does not match, and whoever closes the books asks why.
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Stays in the order's history."))


def ways_to_settle(payment: Payment) -> set[str]:
    """What may be done about it now."""
    is_waiting = payment.status == PaymentRecordStatus.UNDERPAID
    is_owed = payment.status == PaymentRecordStatus.REFUND_DUE
    is_odd = payment.match != PaymentMatch.EXACT and payment.settled_at is None
    ways = set()
    # Once the order is over there is nothing left to accept the payment for: it can only go back.
    if is_waiting and payment.order.status == OrderStatus.PENDING:
        ways.add("accept_short")
    if is_waiting or is_owed or (is_odd and payment.excess_amount and payment.refunded_amount < payment.amount):
        ways.add("refund_overpayment")
    # Closing without moving money is for what was dealt with elsewhere. What waits or is owed must be decided.
    if is_odd and not is_waiting and not is_owed:
        ways.add("mark_settled")
    return ways


def accept_page(request: HttpRequest, payment: Payment) -> FormPage:
    return _settlement_page(
        request,
        payment,
        title=gettext("Accept the short payment?"),
        intro=gettext("What is missing is written off: the order's total falls to what came in, and it is confirmed."),
        submit=gettext("Accept it"),
        apply=accept_short_payment,
    )


def give_back_page(request: HttpRequest, payment: Payment) -> FormPage:
    return _settlement_page(
        request,
        payment,
        title=gettext("Give the overpayment back?"),
        intro=gettext("A refund of what the order does not need: through the provider, or else by hand."),
        submit=gettext("Give it back"),
        apply=refund_overpayment,
    )


def settled_page(request: HttpRequest, payment: Payment) -> FormPage:
    return _settlement_page(
        request,
        payment,
        title=gettext("Is this payment settled?"),
        intro=gettext("It leaves the queue; nothing else changes."),
        submit=gettext("Mark as settled"),
        apply=mark_payment_settled,
    )


def _settlement_page(
    request: HttpRequest, payment: Payment, *, title: str, intro: str, submit: str, apply: Callable[..., Order]
) -> FormPage:
    def settle(values: dict[str, Any]) -> Done:
        order = apply(payment_id=payment.pk, actor=actor_of(request), reason=values["reason"])
        states = {"status": order.get_status_display(), "payment": order.get_payment_status_display().lower()}
        return Done(gettext("Order %(number)s: %(status)s, payment %(payment)s.") % {"number": order.number, **states})

    return FormPage(
        title=title,
        intro=intro,
        facts=_payment_facts(payment),
        submit=submit,
        form=ReasonForm(posted(request)),
        apply=settle,
        back_url=change_url(Payment, payment.pk),
    )


def _payment_facts(payment: Payment) -> Facts:
    return [
        (gettext("Order"), payment.order.number),
        (gettext("Order's total"), money(payment.order.total, payment.currency)),
        (gettext("Received"), money(payment.amount, payment.currency)),
        (gettext("Too much"), money(payment.excess_amount, payment.currency)),
        (gettext("Match"), payment.get_match_display()),
    ]
