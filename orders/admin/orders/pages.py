"""The pages on which staff confirm a payment, move an order on, or cancel it."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.admin.orders.next_step import rest_due
from orders.admin.shipments.unsettled import UNSETTLED, offer_unsettled
from orders.incoming_payments.due import shown_due
from orders.models.order import Order
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import cancel_order
from orders.services.payments.confirm_payment import confirm_payment, record_payment
from orders.states import CancelReason, OrderStatus, PaymentStatus, Trigger, next_statuses
from shared.admin.base import actor_of
from shared.admin.display import change_url, money
from shared.admin.form_page import Done, Facts, FormPage
from shared.admin.forms import StyledForm, VersionForm, posted
from shared.money.amounts import round_money


class PaymentForm(StyledForm):
    amount = forms.DecimalField(
        label=_("Amount"),
        max_digits=24,
        decimal_places=3,
        help_text=_("What came in, in the order's currency."),
    )
    # Two doors on purpose: a mistyped amount is refused by the first, and only whoever ticks the box records it.
    as_it_came = forms.BooleanField(
        label=_("It is not what is due"),
        required=False,
        help_text=_("Record another amount as it came: too little waits for the rest, too much is to be given back."),
    )
    reference = forms.CharField(
        label=_("Reference"),
        required=False,
        max_length=255,
        help_text=_(
            "The bank's or provider's name for the payment. One that is recorded already changes "
            "nothing; a new one on a paid order is money to give back."
        ),
    )


class CancelForm(VersionForm):
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            # The third reason is the job's, for what was not paid in time: reports tell them apart.
            (CancelReason.STAFF.value, _("We cancel it")),
            (CancelReason.CUSTOMER.value, _("The customer asked for it")),
        ],
    )
    note = forms.CharField(label=_("Note"), max_length=200, help_text=_("Why; it stays in the order's history."))


class AdvanceForm(VersionForm):
    status = forms.ChoiceField(label=_("Status"), help_text=_("The next step of the order."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Stays in the order's history, e.g. a shipment's number."),
    )

    def __init__(self, order: Order, *args: object, **kwargs: object) -> None:
        super().__init__(*args, initial={"version": order.version}, **kwargs)
        # What shipments or money bring about is not offered: it would be a second way to the same status.
        steps = next_statuses(order.status, by=Trigger.STATUS)
        self.fields["status"].choices = [(step, OrderStatus(step).label) for step in steps]  # type: ignore[attr-defined]


def payment_page(request: HttpRequest, order: Order) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        # Without a version: money that came in is true whatever became of the order meanwhile.
        receipt = {"amount": values["amount"], "reference": values["reference"]}
        if values["as_it_came"]:
            paid = record_payment(order_id=order.pk, actor=actor_of(request), currency=order.currency, **receipt)
        else:
            paid = confirm_payment(order_id=order.pk, actor=actor_of(request), **receipt)
        states = {"status": paid.get_status_display(), "payment": paid.get_payment_status_display().lower()}
        return Done(gettext("Order %(number)s: %(status)s, payment %(payment)s.") % {"number": paid.number, **states})

    # A paid order is due nothing; then the total is the likeliest amount of a second payment.
    due = shown_due(order) or order.total
    title, submit = gettext("Confirm payment of order %(number)s"), gettext("Confirm payment")
    if rest_due(order):
        # How much stands above the form: the amount in it may be another one.
        title, submit = gettext("Take the rest of order %(number)s"), gettext("Take the payment")
    return FormPage(
        title=title % {"number": order.number},
        intro=_payment_intro(order),
        facts=_order_facts(order),
        submit=submit,
        form=PaymentForm(posted(request), initial={"amount": round_money(due, order.currency)}),
        apply=apply,
        back_url=change_url(Order, order.pk),
    )


def _payment_intro(order: Order) -> str:
    # In the order in which a payment is judged, so that the page promises what the service will do.
    if order.status == OrderStatus.PENDING:
        return gettext("The money is here: the held stock is sold and the order confirmed.")
    if shown_due(order):
        text = gettext("This order was changed after it was paid: %(due)s is still to be paid.")
        return text % {"due": money(shown_due(order), order.currency)}
    if order.payment_status == PaymentStatus.PAID:
        return gettext("This order is paid already. A payment under a new reference is recorded as money to give back.")
    return gettext(
        "This order is cancelled. If it timed out and all its stock is there, it is confirmed after all; "
        "otherwise the money is recorded as to be given back."
    )


def cancel_page(request: HttpRequest, order: Order) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        cancelled = cancel_order(
            order_id=order.pk,
            actor=actor_of(request),
            reason=CancelReason(values["reason"]),
            note=values["note"],
            expected_version=values["version"],
        )
        return Done(gettext("Order %(number)s is cancelled and its stock free again.") % {"number": cancelled.number})

    return FormPage(
        title=gettext("Cancel order %(number)s?") % {"number": order.number},
        intro=gettext("Its stock is given back at once. A cancelled order stays cancelled."),
        facts=_order_facts(order),
        submit=gettext("Cancel the order"),
        is_dangerous=True,
        form=CancelForm(posted(request), initial={"version": order.version}),
        apply=apply,
        back_url=change_url(Order, order.pk),
    )


def advance_page(request: HttpRequest, order: Order) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        moved = advance_order(
            order_id=order.pk,
            status=values["status"],
            actor=actor_of(request),
            reason=values["reason"],
            expected_version=values["version"],
            # The box is missing for most; a posted one without the right is not in the form, and so never gets here.
            unsettled=bool(values.get(UNSETTLED)),
        )
        return Done(
            gettext("Order %(number)s is %(status)s now.")
            % {"number": moved.number, "status": moved.get_status_display().lower()}
        )

    sends = OrderStatus.SHIPPED in next_statuses(order.status, by=Trigger.STATUS)
    return FormPage(
        title=gettext("Move order %(number)s on") % {"number": order.number},
        intro=gettext("Sent, all of it that is still here leaves, also what is in no shipment yet.") if sends else "",
        facts=_order_facts(order),
        submit=gettext("Move the order on"),
        form=offer_unsettled(AdvanceForm(order, posted(request)), request, order),
        apply=apply,
        back_url=change_url(Order, order.pk),
    )


def _order_facts(order: Order) -> Facts:
    due = shown_due(order)
    return [
        (gettext("Customer"), order.customer_name),
        (gettext("Total"), money(order.total, order.currency)),
        *([(gettext("To be paid"), money(due, order.currency))] if due else []),
        (gettext("Status"), order.get_status_display()),
        (gettext("Payment"), order.get_payment_status_display()),
    ]
