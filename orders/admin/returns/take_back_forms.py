"""The forms on which staff take goods back, or say that they will come."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.admin.lines_form import Line, LinesForm
from orders.incoming_payments.amounts import ZERO
from orders.models.order_item import OrderItem
from orders.refunds.return_worth import RefundTerms

COMES = "quantity"
_BROKEN = "broken"
# Asked for only where money goes back.
_MONEY = ("shipping", "restocking_fee")


def restocking_fee_field() -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Restocking fee"),
        # Three decimals for currencies that have them; whether it fits the order's own is the service's business.
        max_digits=24,
        decimal_places=3,
        min_value=0,
        required=False,
        help_text=_("Taken off what goes back, in the order's currency."),
    )


class RequestForm(LinesForm):
    """For who may not give money back: the return is asked for."""

    headings = (_("Shipped"), _("Can come back"))
    columns = {COMES: _("Comes back")}
    reason = forms.CharField(label=_("Reason"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any] | None:
        values = super().clean()
        # Said before anything is confirmed. A box that has an error of its own is no empty one.
        if not self.chosen() and not any(name.startswith(COMES) for name in self.errors):
            raise forms.ValidationError(gettext("Name what comes back."), "required")
        return values

    def is_at_the_counter(self) -> bool:
        return False


class TakeBackForm(RequestForm):
    """Goods that are here go on a shelf, and their money back, at once."""

    columns = {**RequestForm.columns, _BROKEN: _("Not for sale again")}
    # Goods that come back are whole unless somebody says that they are not.
    starts_at_none = (_BROKEN,)
    field_order = ("reason", "is_here", "location", "refund", "shipping", "restocking_fee")
    is_here = forms.BooleanField(
        label=_("The goods are here"), required=False, help_text=_("Else the return is asked for, and received later.")
    )
    location = forms.ChoiceField(label=_("What can be sold again goes to"), required=False)
    refund = forms.BooleanField(label=_("Give the money back"), required=False)
    shipping = forms.BooleanField(label=_("With the shipping"), required=False)
    restocking_fee = restocking_fee_field()

    def __init__(
        self, lines: Sequence[Line], places: Sequence[tuple[str, str]], data: Any, *, version: int, has_shipping: bool
    ) -> None:
        super().__init__(lines, data, initial={"version": version, "is_here": True, "refund": True})
        places_field: Any = self.fields["location"]
        places_field.choices = places
        if not has_shipping:
            del self.fields["shipping"]

    def clean(self) -> dict[str, Any] | None:
        values = super().clean()
        # The page hides what does not count: its faults would refuse the form, and nobody would see why.
        for name in self._unasked():
            self.errors.pop(name, None)
        came = {item.pk: units for item, units in self.chosen()}
        if any(units > came.get(item.pk, 0) for item, units in self.chosen(_BROKEN)):
            raise forms.ValidationError(gettext("More is not for sale again than comes back."), "out_of_range")
        return values

    def is_at_the_counter(self) -> bool:
        return bool(self["is_here"].value())

    def _unasked(self) -> Sequence[str]:
        if not self.is_at_the_counter():
            return ("location", "refund", *_MONEY)
        return () if self.cleaned_data.get("refund") else _MONEY

    def came(self) -> list[tuple[OrderItem, int, int]]:
        """Of each line that comes back how many units, and how many of these can be sold again."""
        broken = {item.pk: units for item, units in self.chosen(_BROKEN)}
        return [(item, units, units - broken.get(item.pk, 0)) for item, units in self.chosen()]

    def terms(self) -> RefundTerms | None:
        """On which the money goes back; None if it does not yet."""
        values = self.cleaned_data
        if not values.get("refund"):
            return None
        return RefundTerms(values.get("restocking_fee") or ZERO, values.get("shipping", False))
