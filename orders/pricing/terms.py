"""Reading what orders' amounts go by: buyers, price lists, tax regions, shipping methods, coupons.

Asked only for orders that are not plain, once for all of them that are placed together: up to eight statements.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from catalog.models.price_list import Price
from catalog.models.tax import TaxRegion
from orders.models.coupon import Coupon
from orders.models.shipping_method import ShippingMethod
from orders.pricing.count_uses import uses_by_person
from orders.pricing.discounts import CouponTerms
from orders.pricing.prices import ListPrice
from orders.pricing.shipping import Method
from orders.pricing.taxes import Rate, Region
from orders.pricing.totals import Terms
from shared.clock import database_now
from users.models.customer import Customer
from users.queries import country_of_delivery


@dataclass(frozen=True, slots=True)
class PricingRequest:
    """What an order's terms depend on. Names that were not given are empty."""

    customer_id: UUID
    currency: str
    variant_ids: tuple[UUID, ...]
    ship_to_country: str = ""
    shipping_method: str = ""
    coupon: str = ""


@dataclass(frozen=True, slots=True)
class _Buyer:
    group_id: UUID | None = None
    country: str = ""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A price, and whom it is for."""

    variant_id: UUID
    currency: str
    group_id: UUID | None
    price: ListPrice


def read_terms(requests: Sequence[PricingRequest], now: datetime | None) -> list[Terms]:
    """The terms of every request, in order. What does not exist is missing from them: a coupon, a method, a customer's
    group. `now` unset: the database's clock. Locks nothing."""
    # One moment for all of them: a list that ends in between must not price half of a batch.
    moment = now or database_now()
    buyers = _read_buyers({requested.customer_id for requested in requests})
    listed = _read_prices(requests, moment)
    countries = [
        # Where it goes decides on the tax; the buyer's own country stands in where nothing was named.
        requested.ship_to_country or buyers.get(requested.customer_id, _Buyer()).country
        for requested in requests
    ]
    regions = _read_regions({country for country in countries if country})
    methods = _read_methods({requested.shipping_method for requested in requests if requested.shipping_method})
    coupons = read_coupons(requests)
    terms = []
    for requested, country in zip(requests, countries, strict=True):
        group_id = buyers.get(requested.customer_id, _Buyer()).group_id
        terms.append(
            Terms(
                now=moment,
                country=country,
                group_id=group_id,
                prices=_prices_for(requested.currency, group_id, listed),
                region=regions.get(country),
                method=_method_for(requested, methods),
                coupon=coupons.get((requested.coupon, requested.customer_id)),
            )
        )
    return terms


def _read_buyers(customer_ids: Collection[UUID]) -> dict[UUID, _Buyer]:
    buyers = Customer.everyone.filter(pk__in=customer_ids).order_by()
    rows = buyers.annotate(goes_to=country_of_delivery()).values_list("pk", "group_id", "goes_to")
    return {customer_id: _Buyer(group_id, country) for customer_id, group_id, country in rows}


def _read_prices(requests: Sequence[PricingRequest], now: datetime) -> list[_Listed]:
    # For all buyers and currencies at once, and sorted out in _prices_for: one statement, however mixed the batch is.
    variant_ids = {variant_id for requested in requests for variant_id in requested.variant_ids}
    holds = Q(price_list__valid_from__isnull=True) | Q(price_list__valid_from__lte=now)
    holds &= Q(price_list__valid_until__isnull=True) | Q(price_list__valid_until__gt=now)
    rows = Price.objects.filter(
        holds,
        variant__in=variant_ids,
        price_list__is_active=True,
        price_list__currency__in={requested.currency for requested in requests},
    )
    columns = ("variant_id", "price_list__currency", "price_list__customer_group_id")
    price = ("price_list_id", "price_list__name", "min_quantity", "amount")
    found: Iterable[tuple[Any, ...]] = rows.order_by().values_list(*columns, *price)
    return [_Listed(variant, currency, group, ListPrice(*of)) for variant, currency, group, *of in found]


def _prices_for(currency: str, group_id: UUID | None, listed: Iterable[_Listed]) -> Mapping[UUID, list[ListPrice]]:
    prices: dict[UUID, list[ListPrice]] = {}
    for row in listed:
        if row.currency == currency and row.group_id in (None, group_id):
            prices.setdefault(row.variant_id, []).append(row.price)
    return prices


def _read_regions(countries: Collection[str]) -> dict[str, Region]:
    if not countries:
        return {}
    return {
        region.country: Region(
            region.country,
            region.name,
            region.prices_include_tax,
            {rate.tax_class: Rate(rate.name, rate.rate) for rate in region.rates.all()},
        )
        for region in TaxRegion.objects.filter(country__in=countries).prefetch_related("rates")
    }


def _read_methods(codes: Collection[str]) -> dict[str, list[Method]]:
    """Active methods by code: one for each currency."""
    methods: dict[str, list[Method]] = {}
    if codes:
        for row in ShippingMethod.objects.filter(code__in=codes, is_active=True):
            methods.setdefault(row.code, []).append(
                Method(
                    row.code, row.name, row.currency, row.price, row.free_from, row.tax_rate, frozenset(row.countries)
                )
            )
    return methods


def _method_for(requested: PricingRequest, methods: Mapping[str, Sequence[Method]]) -> Method | None:
    """The one in the order's currency, or else any: pricing refuses it by its name."""
    found = methods.get(requested.shipping_method, ())
    return next((method for method in found if method.currency == requested.currency), found[0] if found else None)


def read_coupons(requests: Sequence[PricingRequest]) -> dict[tuple[str, UUID], CouponTerms]:
    """By code and customer."""
    named = {(requested.coupon, requested.customer_id) for requested in requests if requested.coupon}
    if not named:
        return {}
    # Without a lock: a coupon is asked again under it, when its use is counted (orders.pricing.coupon_use).
    coupons = {row.code: coupon_terms(row) for row in Coupon.objects.filter(code__in={code for code, _ in named})}
    return {
        (code, customer_id): replace(coupons[code], uses_by_customer=_uses_by(customer_id, coupons[code]))
        for code, customer_id in named
        if code in coupons
    }


def _uses_by(customer_id: UUID, coupon: CouponTerms) -> int:
    """By the person, whichever record of hers orders. Nothing is read for a coupon without such a limit."""
    if coupon.customer_limit is None:
        return 0
    # A statement for each, which is one: orders with a coupon are placed alone (docs/decisions/pricing.md).
    return uses_by_person(coupon.id, customer_id)


def coupon_terms(row: Coupon, *, uses_by_customer: int = 0) -> CouponTerms:
    """A row as the rules take it."""
    return CouponTerms(
        id=row.pk,
        code=row.code,
        kind=row.kind,
        value=row.value,
        currency=row.currency,
        min_subtotal=row.min_subtotal,
        group_id=row.customer_group_id,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        is_active=row.is_active,
        usage_limit=row.usage_limit,
        customer_limit=row.customer_limit,
        used_count=row.used_count,
        uses_by_customer=uses_by_customer,
    )
