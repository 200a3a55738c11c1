"""Letting goods leave though their order's money is not settled: a box that only those see who may tick it."""

from typing import TypeVar

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.due import shown_due
from orders.incoming_payments.settled import MAY_SHIP_UNSETTLED
from orders.models.order import DisputeFlag, Order
from shared.admin.forms import StyledForm

UNSETTLED = "unsettled"
Form = TypeVar("Form", bound=StyledForm)


class _UnsettledForm(StyledForm):
    unsettled = forms.BooleanField(
        label=_("Although its money is not settled"),
        required=False,
        help_text=_("Something is still to be paid, or its payer has the bank take money back."),
    )


def offer_unsettled(form: Form, request: HttpRequest, order: Order) -> Form:
    """The form, with the box where it matters."""
    # Money and disputes are the whole order's, whichever sub-order is sent.
    parent = order.parent or order
    may = request.user.has_perm(MAY_SHIP_UNSETTLED)
    if may and (shown_due(parent) or parent.dispute in (DisputeFlag.OPEN, DisputeFlag.LOST)):
        form.fields[UNSETTLED] = _UnsettledForm().fields[UNSETTLED]
    return form
