"""The pages on which staff decide, receive and refund returns."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.admin.lines_form import Line, LinesForm
from orders.admin.returns.preview import money_facts
from orders.admin.returns.shelves import chosen_shelf, shelf_choices
from orders.admin.returns.take_back_forms import restocking_fee_field
from orders.incoming_payments.amounts import ZERO
from orders.models.order_return import Return
from orders.refunds.return_worth import RefundTerms
from orders.services.returns.decide_return import approve_return, reject_return, withdraw_return
from orders.services.returns.receive_return import receive_return
from orders.services.returns.refund_return import refund_return
from orders.states import Trigger
from shared.admin.base import actor_of
from shared.admin.display import change_url, number
from shared.admin.form_page import Done, Facts, FormPage
from shared.admin.forms import StyledForm, posted

_VERSION: dict[str, Any] = {"widget": forms.HiddenInput}


class ReceiveForm(LinesForm):
    columns = {"received": _("Received"), "restocked": _("Can be sold again")}
    headings = (_("Asked for"),)
    location = forms.ChoiceField(label=_("What can be sold again goes to"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    version = forms.IntegerField(**_VERSION)


class AnswerForm(StyledForm):
    answer = forms.CharField(label=_("Answer"), max_length=200, required=False, help_text=_("The customer reads it."))
    version = forms.IntegerField(**_VERSION)


class RefundReturnForm(StyledForm):
    restocking_fee = restocking_fee_field()
    shipping = forms.BooleanField(label=_("With the shipping"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    version = forms.IntegerField(**_VERSION)


def approve_page(request: HttpRequest, found: Return) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        version, answer = values["version"], values["answer"]
        approve_return(return_id=found.pk, actor=actor_of(request), answer=answer, expected_version=version)
        return Done(gettext("Return %(number)s may be sent.") % {"number": found.number})

    return _return_page(request, found, gettext("Approve return %(number)s?"), gettext("Approve"), AnswerForm, apply)


def reject_page(request: HttpRequest, found: Return) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        version, answer = values["version"], values["answer"]
        reject_return(return_id=found.pk, actor=actor_of(request), answer=answer, expected_version=version)
        return Done(gettext("Return %(number)s is rejected.") % {"number": found.number})

    page = _return_page(request, found, gettext("Reject return %(number)s?"), gettext("Reject"), AnswerForm, apply)
    # The customer reads it, and a no without a reason is asked about by telephone.
    page.form.fields["answer"].required = True
    return page


def withdraw_page(request: HttpRequest, found: Return) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        withdraw_return(
            return_id=found.pk,
            actor=actor_of(request),
            # The same service lets a customer withdraw, who may do so at fewer steps.
            by=Trigger.STAFF,
            note=values["answer"],
            expected_version=values["version"],
        )
        return Done(gettext("Return %(number)s is called off.") % {"number": found.number})

    return _return_page(request, found, gettext("Call off return %(number)s?"), gettext("Call off"), AnswerForm, apply)


def receive_page(request: HttpRequest, found: Return) -> FormPage:
    rows = found.items.select_related("item").order_by("id")
    # Filled in with what was asked for: most parcels hold that, and only what differs is typed.
    lines = [Line(row.item, (number(row.quantity),), row.quantity, row.quantity) for row in rows]
    form = ReceiveForm(lines, posted(request), initial={"version": found.version})
    places: Any = form.fields["location"]
    places.choices = shelf_choices(line.item for line in lines)

    def apply(values: dict[str, Any]) -> Done:
        # Never more than was received; the service says so, as it does for REST.
        restocked = {item.pk: units for item, units in form.chosen("restocked")}
        receive_return(
            return_id=found.pk,
            actor=actor_of(request),
            units={item.pk: (units, restocked.get(item.pk, 0)) for item, units in form.chosen("received")},
            location_id=chosen_shelf(values["location"]),
            note=values["note"],
            expected_version=values["version"],
        )
        return Done(gettext("Return %(number)s is received.") % {"number": found.number})

    return FormPage(
        title=gettext("Receive return %(number)s") % {"number": found.number},
        facts=_return_facts(found),
        submit=gettext("Receive"),
        form=form,
        apply=apply,
        back_url=change_url(Return, found.pk),
        template="admin/kontor/lines_form.html",
    )


def refund_return_page(request: HttpRequest, found: Return) -> FormPage:
    def preview(values: dict[str, Any]) -> Facts:
        came = [(row.item, row.received_quantity) for row in found.items.select_related("item").order_by("id")]
        terms = RefundTerms(values["restocking_fee"] or ZERO, values["shipping"])
        return money_facts(found.order.parent or found.order, found.order, came, terms)

    def apply(values: dict[str, Any]) -> Done:
        refund_return(
            return_id=found.pk,
            actor=actor_of(request),
            restocking_fee=values["restocking_fee"] or ZERO,
            shipping=values["shipping"],
            note=values["note"],
            expected_version=values["version"],
        )
        return Done(gettext("The money for return %(number)s goes back.") % {"number": found.number})

    title, submit = gettext("Refund return %(number)s"), gettext("Give back")
    return _return_page(request, found, title, submit, RefundReturnForm, apply, preview=preview)


def _return_page(
    request: HttpRequest,
    found: Return,
    title: str,
    submit: str,
    form: type[StyledForm],
    apply: Any,
    **extra: Any,
) -> FormPage:
    return FormPage(
        title=title % {"number": found.number},
        facts=_return_facts(found),
        submit=submit,
        form=form(posted(request), initial={"version": found.version}),
        apply=apply,
        back_url=change_url(Return, found.pk),
        **extra,
    )


def _return_facts(found: Return) -> Sequence[tuple[str, object]]:
    return [
        (gettext("Order"), found.order.number),
        (gettext("Customer"), found.order.customer_name),
        (gettext("Reason"), found.reason),
        (gettext("Status"), found.get_status_display()),
    ]
