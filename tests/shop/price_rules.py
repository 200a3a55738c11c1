"""Rules of the shop that make orders cost something else."""

from decimal import Decimal
from typing import Any

from catalog.models.price_list import Price, PriceList
from catalog.models.tax import TaxClass, TaxRate, TaxRegion
from catalog.models.variant import Variant
from orders.models.coupon import Coupon, CouponKind
from orders.models.shipping_method import ShippingMethod


def price_list(name: str, *prices: tuple[Variant, int, str], currency: str = "USD", **facts: Any) -> PriceList:
    """Prices as (variant, from quantity, unit price)."""
    made = PriceList.objects.create(name=name, currency=currency, **facts)
    for variant, min_quantity, amount in prices:
        Price.objects.create(price_list=made, variant=variant, min_quantity=min_quantity, amount=Decimal(amount))
    return made


def region(country: str, rate: str, *, included: bool = False, **other_rates: str) -> TaxRegion:
    """A country's standard rate, and others by class."""
    made = TaxRegion.objects.create(country=country, name=f"Land of {country}", prices_include_tax=included)
    for tax_class, share in {TaxClass.STANDARD: rate, **other_rates}.items():
        name = f"VAT {Decimal(share) * 100:f} %"
        TaxRate.objects.create(region=made, tax_class=tax_class, name=name, rate=Decimal(share))
    return made


def shipping(code: str = "post", price: str = "5.00", *, currency: str = "USD", **facts: Any) -> ShippingMethod:
    return ShippingMethod.objects.create(code=code, name=code.title(), currency=currency, price=Decimal(price), **facts)


def coupon(code: str = "SUMMER", value: str = "10", **facts: Any) -> Coupon:
    """Percent off, unless told otherwise."""
    return Coupon.objects.create(code=code, value=Decimal(value), **{"kind": CouponKind.PERCENT, **facts})
