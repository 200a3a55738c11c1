"""The pages on which staff ask for, decide, receive and refund returns."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.admin.lines_form import Line, LinesForm
from orders.incoming_payments.amounts import ZERO
from orders.incoming_payments.balances import refundable, shipping_left
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.order_return import Return
from orders.refunds.returning import returnable
from orders.services.returns.decide_return import approve_return, reject_return, withdraw_return
from orders.services.returns.receive_return import receive_return
from orders.services.returns.refund_return import lines_of, refund_return
from orders.services.returns.request_return import request_return
from orders.states import Trigger
from shared.admin.base import actor_of
from shared.admin.display import change_url, money, number
from shared.admin.form_page import Done, Facts, FormPage
from shared.admin.forms import StyledForm, posted

_VERSION: dict[str, Any] = {"widget": forms.HiddenInput}


class RequestForm(LinesForm):
    headings = (_("Shipped"), _("Can come back"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    version = forms.IntegerField(**_VERSION)


class ReceiveForm(LinesForm):
    columns = {"received": _("Received"), "restocked": _("Can be sold again")}
    headings = (_("Asked for"),)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    version = forms.IntegerField(**_VERSION)


class AnswerForm(StyledForm):
    answer = forms.CharField(label=_("Answer"), max_length=200, required=False, help_text=_("The customer reads it."))
    version = forms.IntegerField(**_VERSION)


class RefundReturnForm(StyledForm):
    restocking_fee = forms.DecimalField(
        label=_("Restocking fee"),
        max_digits=24,
        decimal_places=3,
        min_value=0,
        required=False,
        help_text=_("Taken off what goes back, in the order's currency."),
    )
    shipping = forms.BooleanField(label=_("With the shipping"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    version = forms.IntegerField(**_VERSION)


def request_page(request: HttpRequest, order: Order) -> FormPage:
    items = list(OrderItem.objects.filter(order=order).order_by("position"))
    # What was shipped less what comes back by other returns already: two of them must not take one unit.
    left = returnable(items)
    lines = [
        Line(item, (number(item.shipped_quantity), number(left[item.pk])), left[item.pk])
        for item in items
        if left[item.pk]
    ]
    form = RequestForm(lines, posted(request), initial={"version": order.version})

    def apply(values: dict[str, Any]) -> Done:
        made = request_return(
            order_id=order.pk,
            units=[(item.pk, units) for item, units in form.chosen()],
            reason=values["reason"],
            actor=actor_of(request),
            expected_version=values["version"],
        )
        return Done(gettext("Return %(number)s is asked for.") % {"number": made.number}, change_url(Return, made.pk))

    return FormPage(
        title=gettext("Return goods of order %(number)s") % {"number": order.number},
        intro=gettext("What was shipped and has not come back yet."),
        facts=[(gettext("Customer"), order.customer_name)],
        submit=gettext("Ask for the return"),
        form=form,
        apply=apply,
        back_url=change_url(Order, order.pk),
        template="admin/kontor/lines_form.html",
    )


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

    def apply(values: dict[str, Any]) -> Done:
        # Never more than was received; the service says so, as it does for REST.
        restocked = {item.pk: units for item, units in form.chosen("restocked")}
        receive_return(
            return_id=found.pk,
            actor=actor_of(request),
            units={item.pk: (units, restocked.get(item.pk, 0)) for item, units in form.chosen("received")},
            note=values["note"],
            expected_version=values["version"],
        )
        return Done(gettext("Return %(number)s is received.") % {"number": found.number})

    return FormPage(
        title=gettext("Receive return %(number)s") % {"number": found.number},
        intro=gettext("What can be sold again goes back on the shelf it came from."),
        facts=_return_facts(found),
        submit=gettext("Receive"),
        form=form,
        apply=apply,
        back_url=change_url(Return, found.pk),
        template="admin/kontor/lines_form.html",
    )


def refund_return_page(request: HttpRequest, found: Return) -> FormPage:
    seller_order = found.order
    currency = seller_order.currency

    def preview(values: dict[str, Any]) -> Facts:
        lines = lines_of(found, currency)
        facts: list[tuple[str, object]] = [
            (f"{number(line.quantity)} x {line.item.sku}", money(line.amount, currency)) for line in lines
        ]
        fee = values["restocking_fee"] or ZERO
        whole = sum((line.amount for line in lines), shipping_left(seller_order) if values["shipping"] else ZERO)
        # What went back in other ways is not given twice; the fee is taken off what is left.
        amount = min(whole, refundable(seller_order.parent or seller_order, seller_order)) - fee
        return [*facts, (gettext("Goes back to the customer"), money(amount, currency))]

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
