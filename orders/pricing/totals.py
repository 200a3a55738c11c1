"""A whole order's amounts, with the reason of each that is not the catalogue's. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from orders.models.adjustment import AdjustmentKind
from orders.pricing.amounts import LineAmounts, OrderAmounts, price_line, sum_order
from orders.pricing.discounts import CouponTerms, check_coupon, discount_on
from orders.pricing.given_discounts import GivenDiscount, TakenOff, amount_off, off_the_lines
from orders.pricing.prices import AgreedPrice, ListPrice, UnitPrice, choose_price
from orders.pricing.shipping import NO_SHIPPING, Method, ShippingCost, check_method, shipping_cost
from orders.pricing.taxes import Rate, Region, tax_rate
from shared.money.amounts import split_money

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What one order's amounts go by beside its variants: where it goes, who buys, and what was named."""

    now: datetime
    country: str = ""
    group_id: UUID | None = None
    prices: Mapping[UUID, Sequence[ListPrice]] = field(default_factory=dict)
    region: Region | None = None
    method: Method | None = None
    coupon: CouponTerms | None = None


@dataclass(frozen=True, slots=True)
class Goods:
    """One line as the catalogue has it. `own_price` is None when it is in another currency than the order."""

    variant_id: UUID
    quantity: int
    own_price: Decimal | None
    tax_rate: Decimal = _ZERO
    tax_class: str = "standard"
    agreed: AgreedPrice | None = None
    discount: GivenDiscount | None = None


@dataclass(frozen=True, slots=True)
class PlannedAdjustment:
    """Why the order costs what it costs; `line` is a place in the order's lines, None for the whole order."""

    kind: AdjustmentKind
    label: str
    amount: Decimal
    line: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlannedUse:
    """A coupon that the order is to use, and what that takes off."""

    coupon_id: UUID
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Priced:
    lines: tuple[LineAmounts, ...]
    amounts: OrderAmounts
    adjustments: tuple[PlannedAdjustment, ...]
    use: PlannedUse | None = None


def unit_price(goods: Goods, terms: Terms, currency: str) -> UnitPrice | None:
    """What a unit of the line costs; None when nothing has a price in that currency."""
    prices = terms.prices.get(goods.variant_id, ())
    return choose_price(
        own=goods.own_price, quantity=goods.quantity, prices=prices, agreed=goods.agreed, currency=currency
    )


def price_order(
    lines: Sequence[tuple[Goods, UnitPrice]], terms: Terms, currency: str, *, discount: GivenDiscount | None = None
) -> Priced:
    """The amounts of lines with their unit prices; `discount` is what staff take off the whole. Discounts are taken one
    after another, each off what those before it leave: the lines' own, the coupon's, the order's. Raises CouponInvalid,
    ShippingNotAvailable."""
    worth = [unit.amount * goods.quantity for goods, unit in lines]
    off_lines = off_the_lines([goods.discount for goods, _ in lines], worth, currency)
    left = [whole - (off.amount if off else _ZERO) for whole, off in zip(worth, off_lines, strict=True)]
    off_coupon = _coupon_discount(terms, sum(left, _ZERO), currency)
    left = _less_shares(left, off_coupon, currency)
    off_order = None if discount is None else TakenOff(discount, amount_off(discount, sum(left, _ZERO), currency))
    left = _less_shares(left, off_order.amount if off_order else _ZERO, currency)
    # The country decides for the whole order: no document mixes prices with and without their tax.
    included = terms.region is not None and terms.region.prices_include_tax
    priced = tuple(
        price_line(
            quantity=goods.quantity,
            unit_price=unit.amount,
            tax_rate=tax_rate(terms.region, goods.tax_class, goods.tax_rate),
            currency=currency,
            tax_included=included,
            discount_amount=whole - rest,
            price_reason=unit.reason,
        )
        for (goods, unit), whole, rest in zip(lines, worth, left, strict=True)
    )
    # `free_from` is compared with what the buyer pays for the goods, not with their price before the discount.
    shipping = _shipping_cost(terms, sum(left, _ZERO), currency, included=included)
    amounts = sum_order(priced, shipping_total=shipping.total, shipping_tax=shipping.tax)
    reasons = [
        *_price_reasons(lines),
        *_discount_reasons(terms, off_coupon, shipping),
        *(_given_reason(off) for off in (*off_lines, off_order) if off and off.amount),
        *_tax_reasons(terms.region, lines, priced),
        *_shipping_reasons(terms, shipping),
    ]
    # What the coupon costs the shop, off the goods or off the shipping.
    use = PlannedUse(terms.coupon.id, off_coupon + shipping.spared) if terms.coupon else None
    return Priced(priced, amounts, tuple(reasons), use)


def _less_shares(left: Sequence[Decimal], discount: Decimal, currency: str) -> list[Decimal]:
    """What a discount leaves of each line."""
    if not discount:
        return list(left)
    # By largest remainder: the shares of a discount come to it exactly.
    return [rest - share for rest, share in zip(left, split_money(discount, left, currency), strict=True)]


def _coupon_discount(terms: Terms, whole: Decimal, currency: str) -> Decimal:
    if terms.coupon is None:
        return _ZERO
    ships = terms.method is not None
    check_coupon(terms.coupon, group_id=terms.group_id, currency=currency, goods=whole, ships=ships, now=terms.now)
    return discount_on(terms.coupon, whole, currency)


def _shipping_cost(terms: Terms, goods: Decimal, currency: str, *, included: bool) -> ShippingCost:
    if terms.method is None:
        return NO_SHIPPING
    check_method(terms.method, country=terms.country, currency=currency)
    free = terms.coupon is not None and terms.coupon.frees_shipping
    return shipping_cost(terms.method, goods=goods, currency=currency, tax_included=included, free=free)


def _price_reasons(lines: Sequence[tuple[Goods, UnitPrice]]) -> list[PlannedAdjustment]:
    """What each line's own price came to be: the amount is what the line costs more or less than by the catalogue's."""
    reasons = []
    for place, (goods, unit) in enumerate(lines):
        if not unit.reason:
            continue
        # Where the catalogue has no price in this currency there is nothing to compare with.
        more = _ZERO if goods.own_price is None else (unit.amount - goods.own_price) * goods.quantity
        # As texts: JSON's numbers are floats to most who read them, and would lose digits.
        data = {"unit_price": str(unit.amount), "catalogue_price": None}
        if goods.own_price is not None:
            data["catalogue_price"] = str(goods.own_price)
        if unit.by is not None:
            data |= {"price_list": str(unit.by.list_id), "min_quantity": str(unit.by.min_quantity)}
        reasons.append(PlannedAdjustment(AdjustmentKind.PRICE, unit.reason, more, place, data))
    return reasons


def _discount_reasons(terms: Terms, discount: Decimal, shipping: ShippingCost) -> list[PlannedAdjustment]:
    coupon = terms.coupon
    if coupon is None:
        return []
    data = {"coupon": coupon.code, "coupon_id": str(coupon.id), "kind": str(coupon.kind), "value": str(coupon.value)}
    if coupon.frees_shipping:
        data["spared_shipping"] = str(shipping.spared)
    return [PlannedAdjustment(AdjustmentKind.DISCOUNT, coupon.code, -discount, data=data)]


def _given_reason(off: TakenOff) -> PlannedAdjustment:
    """`given` tells it from a coupon's."""
    given = off.discount
    data = {"given": True, "kind": str(given.kind), "value": str(given.value)}
    return PlannedAdjustment(AdjustmentKind.DISCOUNT, given.reason, -off.amount, off.line, data)


def _tax_reasons(
    region: Region | None, lines: Sequence[tuple[Goods, UnitPrice]], priced: Sequence[LineAmounts]
) -> list[PlannedAdjustment]:
    """One for each of the region's rates that a line bears."""
    if region is None:
        return []
    sums: dict[str, tuple[Rate, Decimal]] = {}
    for (goods, _unit), line in zip(lines, priced, strict=True):
        rate = region.rates.get(goods.tax_class)
        if rate is not None:
            sums[goods.tax_class] = rate, sums.get(goods.tax_class, (rate, _ZERO))[1] + line.tax_amount
    return [
        PlannedAdjustment(
            AdjustmentKind.TAX,
            rate.name or region.name,
            amount,
            data={
                "country": region.country,
                "tax_class": str(tax_class),
                "rate": str(rate.rate),
                "included": region.prices_include_tax,
            },
        )
        for tax_class, (rate, amount) in sums.items()
    ]


def _shipping_reasons(terms: Terms, shipping: ShippingCost) -> list[PlannedAdjustment]:
    method = terms.method
    if method is None:
        return []
    data = {"method": method.code, "country": terms.country}
    reasons = [PlannedAdjustment(AdjustmentKind.SHIPPING, method.name, shipping.total, data=data)]
    if shipping.tax:
        # By `of` a credit note finds the rate that the shipping bore (orders.documents.credit_note).
        taxed = {"of": "shipping", "rate": str(method.tax_rate), "country": terms.country}
        reasons.append(PlannedAdjustment(AdjustmentKind.TAX, method.name, shipping.tax, data=taxed))
    return reasons
