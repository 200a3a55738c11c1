"""What it costs to send an order. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.pricing.amounts import tax_on
from shared.errors import NotFound, Refusal

_ZERO = Decimal(0)


class ShippingMethodNotFound(NotFound):
    code = "shipping_method_not_found"
    title = _("No such shipping method")
    members = {"shipping_method": str}


class ShippingNotAvailable(Refusal):
    code = "shipping_not_available"
    title = _("The shipping method is not for this order")


@dataclass(frozen=True, slots=True)
class Method:
    """A shipping method in the order's currency. `countries` empty: it goes everywhere."""

    code: str
    name: str
    currency: str
    price: Decimal
    free_from: Decimal | None = None
    tax_rate: Decimal = _ZERO
    countries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ShippingCost:
    """`total` is without its `tax`; `spared` is what a coupon saved, as the method's price was."""

    total: Decimal
    tax: Decimal
    spared: Decimal = _ZERO


NO_SHIPPING = ShippingCost(_ZERO, _ZERO)


def check_method(method: Method, *, country: str, currency: str) -> None:
    """Raises ShippingNotAvailable, naming the field at fault."""
    if method.currency != currency:
        raise ShippingNotAvailable(
            gettext("%(method)s has no price in %(currency)s.") % {"method": method.name, "currency": currency},
            errors=[_method_fault("/shipping_method", "currency", method.name)],
        )
    if method.countries and country not in method.countries:
        raise ShippingNotAvailable(
            gettext("%(method)s does not go to %(country)s.")
            % {"method": method.name, "country": country or gettext("an unnamed country")},
            errors=[_method_fault("/ship_to_country", "country", method.name)],
        )


def _method_fault(pointer: str, code: str, method: str) -> dict[str, str]:
    return {"pointer": pointer, "code": code, "detail": gettext("Not with %(method)s.") % {"method": method}}


def shipping_cost(method: Method, *, goods: Decimal, currency: str, tax_included: bool, free: bool) -> ShippingCost:
    """`goods` is what the lines come to after discounts, `free` whether a coupon makes it cost nothing."""
    is_free_anyway = method.free_from is not None and goods >= method.free_from
    price = _ZERO if is_free_anyway else method.price
    # A coupon saves what would have been paid: nothing, where the goods come to enough for free shipping anyway.
    if free:
        return ShippingCost(_ZERO, _ZERO, spared=price)
    tax = tax_on(price, method.tax_rate, currency, included=tax_included)
    return ShippingCost(price - tax if tax_included else price, tax)


def method_not_found(code: str) -> ShippingMethodNotFound:
    text = gettext("No such shipping method: %(code)s.") % {"code": code}
    error = {"pointer": "/shipping_method", "code": "not_found", "detail": text}
    return ShippingMethodNotFound(text, shipping_method=code, errors=[error])
