"""Prices, taxes, shipping and a coupon, made when the history is over: its orders were placed without them."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from catalog.models.price_list import Price, PriceList
from catalog.models.tax import TaxClass, TaxRate, TaxRegion
from catalog.models.variant import default_currency
from crm.demo.catalogue import Catalogue
from orders.models.coupon import Coupon
from orders.models.shipping_method import ShippingMethod
from shared.money.amounts import round_money
from users.models.customer_group import CustomerGroup

# country: (name, whether prices contain tax, rates by class)
_REGIONS = {
    "DE": ("Germany", True, {TaxClass.STANDARD: ("MwSt. 19 %", "0.19"), TaxClass.REDUCED: ("MwSt. 7 %", "0.07")}),
    "UA": ("Ukraine", False, {TaxClass.STANDARD: ("ПДВ 20 %", "0.2"), TaxClass.REDUCED: ("ПДВ 7 %", "0.07")}),
}
_LISTED, _FROM = 12, 10


def make_price_rules(catalogue: Catalogue, *, at: datetime) -> None:
    """One price list, two regions, two shipping methods, a coupon. 9 statements."""
    currency = default_currency()
    with transaction.atomic():
        group = CustomerGroup.objects.create(name="Wholesale", description="Offices that furnish whole floors")
        wholesale = PriceList.objects.create(name="Wholesale", currency=currency, customer_group=group, valid_from=at)
        Price.objects.bulk_create(
            Price(
                price_list=wholesale,
                variant_id=good.variant_id,
                min_quantity=quantity,
                amount=round_money(good.price * share, currency),
            )
            for good in list(catalogue.goods.values())[:_LISTED]
            for quantity, share in ((1, Decimal("0.9")), (_FROM, Decimal("0.85")))
        )
        regions = {
            country: TaxRegion(country=country, name=name, prices_include_tax=included)
            for country, (name, included, _) in _REGIONS.items()
        }
        TaxRegion.objects.bulk_create(regions.values())
        TaxRate.objects.bulk_create(
            TaxRate(region=regions[country], tax_class=tax_class, name=name, rate=Decimal(rate))
            for country, (_, _, rates) in _REGIONS.items()
            for tax_class, (name, rate) in rates.items()
        )
        ShippingMethod.objects.bulk_create(
            [
                ShippingMethod(code="post", name="Parcel post", currency=currency, price=6, free_from=150, position=1),
                ShippingMethod(
                    code="express", name="Express", currency=currency, price=18, countries=["DE", "UA"], position=2
                ),
            ]
        )
        Coupon.objects.create(code="WELCOME10", value=10, min_subtotal=20, currency=currency, customer_limit=1)
