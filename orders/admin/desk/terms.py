"""What staff name beside the goods of an order."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from orders.models.draft import REASON_LENGTH, DiscountKind
from orders.models.payment_method import UNTIL_PAID, PaymentMethod
from orders.models.shipping_method import ShippingMethod
from orders.placing.payment_methods import methods_for_staff
from orders.pricing.given_discounts import GivenDiscount
from shared.admin.forms import StyledForm

TERMS = ("ship_to_country", "shipping_method", "coupon", "payment_method")
DISCOUNT = ("discount_kind", "discount_value", "discount_reason")
_DAY, _HOUR = 1_440, 60


class DiscountFields(forms.Form):
    """What is taken off, and why; without the right to agree prices there are no such fields."""

    discount_kind = forms.ChoiceField(label=_("Discount"), required=False)
    discount_value = forms.DecimalField(
        label=_("How much"), required=False, min_value=Decimal("0.001"), max_digits=15, decimal_places=3
    )
    discount_reason = forms.CharField(
        label=_("Why"), required=False, max_length=REASON_LENGTH, help_text=_("The customer reads it.")
    )

    def __init__(self, *args: Any, may_agree: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["discount_kind"]
        kind.choices = [("", gettext("None")), *DiscountKind.choices]  # type: ignore[attr-defined]
        if not may_agree:
            for name in DISCOUNT:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        # The kind alone is no discount yet: it may be what the last one left.
        if values.get("discount_kind") and not values.get("discount_value") and values.get("discount_reason"):
            self.add_error("discount_value", gettext("Say how much."))
        if self.discount() and not values.get("discount_reason", "").strip():
            self.add_error("discount_reason", gettext("Say why: it stays with the order."))
        if values.get("discount_kind") == DiscountKind.PERCENT and (values.get("discount_value") or 0) > 100:
            self.add_error("discount_value", gettext("A percentage is above 0 and at most 100."))
        return values

    def discount(self) -> GivenDiscount | None:
        """What was filled in."""
        kind, value = self.cleaned_data.get("discount_kind"), self.cleaned_data.get("discount_value")
        if not kind or not value:
            return None
        return GivenDiscount(kind, value, self.cleaned_data.get("discount_reason", ""))


class OrderTermsForm(DiscountFields, StyledForm):
    """All of it may stay empty."""

    ship_to_country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_("Ship to"),
        required=False,
        help_text=_("ISO code of the country, e.g. UA; empty: the customer's."),
    )
    shipping_method = forms.ChoiceField(label=_("Shipping method"), required=False)
    coupon = forms.RegexField(r"^[A-Za-z0-9_-]{1,40}$", label=_("Coupon"), required=False)
    payment_method = forms.ChoiceField(
        label=_("Payment method"), required=False, help_text=_("It says until when the order is to be paid.")
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stays with the order."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = dict(ShippingMethod.objects.filter(is_active=True).order_by("position").values_list("code", "name"))
        choices = self.fields["shipping_method"]
        choices.choices = [("", gettext("None")), *named.items()]  # type: ignore[attr-defined]
        methods = methods_for_staff()
        payment = self.fields["payment_method"]
        labels = [(method.code, label_of(method)) for method in methods]
        payment.choices = [("", gettext("None")), *labels]  # type: ignore[attr-defined]
        payment.initial = next((method.code for method in methods if method.is_staff_default), "")

    def clean_ship_to_country(self) -> str:
        return str(self.cleaned_data["ship_to_country"]).upper()

    def clean_coupon(self) -> str:
        return str(self.cleaned_data["coupon"]).upper()


def label_of(method: PaymentMethod) -> str:
    """Its name and how long it lets the buyer pay: “Bank transfer · 7 days to pay”."""
    return method.name if method.minutes is None else f"{method.name} · {_time_to_pay(method.minutes)}"


def _time_to_pay(minutes: int) -> str:
    if minutes == UNTIL_PAID:
        return gettext("until paid")
    if minutes % _DAY == 0:
        return ngettext("%(count)d day to pay", "%(count)d days to pay", minutes // _DAY) % {"count": minutes // _DAY}
    if minutes % _HOUR == 0:
        hours = minutes // _HOUR
        return ngettext("%(count)d hour to pay", "%(count)d hours to pay", hours) % {"count": hours}
    return ngettext("%(count)d minute to pay", "%(count)d minutes to pay", minutes) % {"count": minutes}
