"""What staff name beside the goods of an order, and the prices that come of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models.shipping_method import ShippingMethod
from orders.placing.payment_methods import methods_for_staff, staff_default
from orders.placing.plan import Plan
from orders.placing.previewing import units_to_wait
from shared.admin.display import money, number
from shared.admin.form_page import Facts
from shared.admin.forms import StyledForm

TERMS = ("ship_to_country", "shipping_method", "coupon", "payment_method")


class OrderTermsForm(StyledForm):
    """All of it may stay empty."""

    ship_to_country = forms.RegexField(
        # Either case, as people type it; `clean_ship_to_country` makes it what regions and methods are kept by.
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

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # All active ones, not only those for the country: which these are depends on a customer who is not chosen yet.
        # Placing refuses one that does not go there.
        named = dict(ShippingMethod.objects.filter(is_active=True).order_by("position").values_list("code", "name"))
        choices = self.fields["shipping_method"]
        choices.choices = [("", gettext("None")), *named.items()]  # type: ignore[attr-defined]
        payment = self.fields["payment_method"]
        payment.choices = [("", gettext("None")), *methods_for_staff().items()]  # type: ignore[attr-defined]
        # Filled in, as it decides until when the order is to be paid: a field that was skipped should not decide that.
        payment.initial = staff_default()

    def clean_ship_to_country(self) -> str:
        return str(self.cleaned_data["ship_to_country"]).upper()

    def clean_coupon(self) -> str:
        return str(self.cleaned_data["coupon"]).upper()


def terms_in(values: dict[str, Any]) -> dict[str, str]:
    """As PlaceOrder takes them."""
    # Empty texts are passed on: to placing an empty one means the customer's or the shop's own.
    return {name: values[name] for name in TERMS}


def price_facts(plan: Plan) -> Facts:
    """Line by line and in all, with the reasons."""
    currency, amounts = plan.currency, plan.amounts
    facts: list[tuple[str, object]] = []
    for line in plan.lines:
        price = money(line.amounts.unit_price, currency)
        reason = f" ({line.amounts.price_reason})" if line.amounts.price_reason else ""
        waiting = units_to_wait(line)
        # Told before the order is placed, as the customer may not want to wait.
        ahead = f", {gettext('%(quantity)s waiting for goods') % {'quantity': number(waiting)}}" if waiting else ""
        facts.append((f"{line.quantity} x {line.sellable.sku}", f"{price}{reason}{ahead}"))
    facts.append((gettext("Subtotal"), money(amounts.subtotal, currency)))
    # By the code and not by the amount: a coupon may give nothing but free shipping, and a row of 0 says that it is
    # used.
    if plan.extras.coupon_code:
        facts.append((gettext("Discount"), money(-amounts.discount_total, currency)))
    facts.append((gettext("Tax"), money(amounts.tax_total, currency)))
    if plan.extras.shipping_method:
        facts.append((gettext("Shipping"), money(amounts.shipping_total, currency)))
    return [*facts, (gettext("Total"), money(amounts.total, currency))]
