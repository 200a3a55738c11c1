"""The forms on which staff say what goes back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.admin.lines_form import Line, LinesForm
from orders.admin.refunds.paid_out import paid_out_field, reference_field
from orders.incoming_payments.amounts import ZERO
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.states import CancelReason
from shared.admin.display import money
from shared.admin.forms import StyledForm, VersionForm

# Three decimals for currencies that have them; whether an amount fits the order's own is the service's business.
_FEE: dict[str, Any] = {"max_digits": 24, "decimal_places": 3, "min_value": 0, "required": False}


class RefundForm(LinesForm):
    headings = (_("Bought"), _("Not refunded"), _("To be sent"), _("Worth"))
    restock = forms.BooleanField(
        # Ticked at first: units that were never packed are where they were. Broken ones are the exception.
        label=_("Put back on the shelf what has not left"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput,
    )
    shipping = forms.BooleanField(label=_("With the shipping"), required=False)
    restocking_fee = forms.DecimalField(
        label=_("Restocking fee"), help_text=_("Taken off what goes back, in the order's currency."), **_FEE
    )
    amount = forms.DecimalField(
        label=_("Or a free amount"), help_text=_("Alone, without lines, shipping or a fee."), **_FEE
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("The customer may read it."))
    paid_out = paid_out_field()
    paid_out_reference = reference_field()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, lines: Sequence[Line], shipping: Decimal, currency: str, is_split: bool, *args: object) -> None:
        version = args[1]
        super().__init__(lines, args[0], initial={"version": version, "restock": True})
        if shipping:
            amount = money(shipping, currency)
            self.fields["shipping"].label = gettext("With the shipping, %(amount)s") % {"amount": amount}
        else:
            del self.fields["shipping"]
        # Of a split order nobody could say which seller bears a free amount or keeps the fee.
        for name in ("restocking_fee", "amount") if is_split else ():
            del self.fields[name]

    def requested(self) -> RefundRequest:
        """What was asked for."""
        values = self.cleaned_data
        lines = tuple(RequestedLine(item.pk, units, values["restock"]) for item, units in self.chosen())
        fee = values.get("restocking_fee") or ZERO
        return RefundRequest(lines, values.get("amount") or None, values.get("shipping", False), fee)


class CancelPaidForm(VersionForm):
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            (CancelReason.CUSTOMER.value, _("The customer asked for it")),
            (CancelReason.STAFF.value, _("We cancel it")),
        ],
    )
    restocking_fee = forms.DecimalField(
        label=_("Restocking fee"), help_text=_("Taken off what goes back, in the order's currency."), **_FEE
    )
    note = forms.CharField(label=_("Note"), max_length=200, help_text=_("Why; it stays in the order's history."))
    paid_out = paid_out_field()
    paid_out_reference = reference_field()


class SettleForm(StyledForm):
    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=255, help_text=_("The bank's name for the transfer.")
    )
