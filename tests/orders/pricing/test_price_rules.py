"""Thousands of orders by every rule at once: amounts add up to the last minor unit. No database."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from orders.models.adjustment import AdjustmentKind
from orders.models.coupon import CouponKind
from orders.models.draft import DiscountKind
from orders.placing.splitting import split_by_seller
from orders.pricing.discounts import CouponTerms
from orders.pricing.given_discounts import GivenDiscount
from orders.pricing.prices import AgreedPrice, ListPrice
from orders.pricing.shipping import Method
from orders.pricing.taxes import Rate, Region
from orders.pricing.totals import Goods, Priced, Terms, price_order, unit_price
from shared.money.amounts import minor_unit, round_money

_NAMES = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
SELLERS = [uuid5(_NAMES, f"seller {number}") for number in range(4)]
CLASSES = ["standard", "reduced", "zero"]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _id(name: object) -> UUID:
    return uuid5(_NAMES, str(name))


RATES = [Decimal(rate) for rate in ("0", "0.07", "0.19", "0.2", "0.0825", "1")]


@dataclass(frozen=True)
class Case:
    """A currency, lines, their sellers, and what they are priced by."""

    currency: str
    lines: list[Goods]
    sellers: list[UUID]
    terms: Terms
    discount: GivenDiscount | None


def make_case(chance: Random) -> Case:
    """Any order there may be."""
    currency = chance.choice(["USD", "JPY", "KWD"])
    kind = chance.choice(CouponKind.values)
    method = Method("post", "Post", currency, _money(chance, currency), None, chance.choice(RATES))
    if chance.random() < 0.5:
        method = replace(method, free_from=_money(chance, currency))
    value = Decimal(chance.randint(0, 100)) if kind == CouponKind.PERCENT else _money(chance, currency)
    coupon = CouponTerms(_id("coupon"), "SUMMER", kind, value)
    ships = coupon.frees_shipping or chance.random() < 0.5
    lines = [_goods(chance, currency) for _ in range(chance.randint(1, 8))]
    terms = Terms(
        now=NOW,
        country="DE",
        prices={_id(number): _breaks(chance, currency) for number in range(chance.randint(0, 5))},
        region=_region(chance) if chance.random() < 0.7 else None,
        method=method if ships else None,
        coupon=coupon if chance.random() < 0.7 else None,
    )
    return Case(currency, lines, [chance.choice(SELLERS) for _ in lines], terms, _discount(chance, currency))


def _discount(chance: Random, currency: str) -> GivenDiscount | None:
    """Mostly none; now and then more than there is."""
    if chance.random() < 0.7:
        return None
    kind = chance.choice(DiscountKind.values)
    is_percent = kind == DiscountKind.PERCENT
    value = Decimal(chance.randint(1, 10_000)) / 100 if is_percent else _money(chance, currency)
    return GivenDiscount(kind, value, f"as promised {chance.random()}")


def _money(chance: Random, currency: str) -> Decimal:
    return chance.randint(0, 10 ** chance.randint(1, 7)) * minor_unit(currency)


def _goods(chance: Random, currency: str) -> Goods:
    agreed = AgreedPrice(_money(chance, currency), "agreed") if chance.random() < 0.2 else None
    quantity = chance.randint(1, 10 ** chance.choice([1, 1, 6]))
    own, rate, tax_class = _money(chance, currency), chance.choice(RATES), chance.choice(CLASSES)
    return Goods(_id(chance.randint(0, 9)), quantity, own, rate, tax_class, agreed, _discount(chance, currency))


def _breaks(chance: Random, currency: str) -> list[ListPrice]:
    return [
        ListPrice(_id("list"), "List", chance.randint(1, 20), _money(chance, currency))
        for _ in range(chance.randint(0, 3))
    ]


def _region(chance: Random) -> Region:
    rates = {name: Rate("VAT", chance.choice(RATES)) for name in CLASSES if chance.random() < 0.8}
    return Region("DE", "Germany", chance.random() < 0.5, rates)


def price(case: Case) -> Priced:
    units = [(line, unit_price(line, case.terms, case.currency)) for line in case.lines]
    return price_order(units, case.terms, case.currency, discount=case.discount)  # type: ignore[arg-type]


def test_ten_thousand_orders_add_up_and_so_do_their_parts() -> None:
    chance = Random(2026)
    for _ in range(10_000):
        adds_up(make_case(chance))


@given(chance=st.randoms(use_true_random=False))
def test_any_order_adds_up(chance: Random) -> None:
    """The same where a fault would be made small."""
    adds_up(make_case(chance))


def adds_up(case: Case) -> None:
    currency = case.currency
    priced = price(case)
    whole = priced.amounts

    # Items, tax and shipping less discounts are the total, whatever prices contain.
    items = sum(line.total_price for line in priced.lines)
    taxes = sum(line.tax_amount for line in priced.lines) + whole.shipping_tax
    discounts = sum(line.discount_amount for line in priced.lines)
    assert whole.total == items + taxes + whole.shipping_total - discounts
    assert (whole.subtotal, whole.tax_total, whole.discount_total) == (items, taxes, discounts)
    assert min(whole.subtotal, whole.discount_total, whole.tax_total, whole.shipping_total, whole.total) >= 0

    # Nothing is smaller than the currency's smallest coin.
    for amount in (whole.subtotal, whole.discount_total, whole.tax_total, whole.shipping_total, whole.total):
        assert amount == round_money(amount, currency)

    for line, goods in zip(priced.lines, case.lines, strict=True):
        gross = line.unit_price * goods.quantity
        assert line.total_price == (gross - line.tax_amount if line.tax_included else gross)
        assert 0 <= line.discount_amount <= gross
        assert line.tax_amount >= 0
        if line.tax_included:
            assert line.total_price - line.discount_amount + line.tax_amount == gross - line.discount_amount
        if goods.agreed is None:
            assert goods.own_price is not None
            assert line.unit_price <= goods.own_price, "a list never makes anything dearer"

    parts = split_by_seller(case.sellers, priced.lines, whole, currency)
    if parts:
        for name in ("subtotal", "discount_total", "tax_total", "shipping_total", "shipping_tax", "total"):
            assert sum(getattr(part.amounts, name) for part in parts) == getattr(whole, name), name


@given(chance=st.randoms(use_true_random=False))
def test_every_amount_has_its_reason(chance: Random) -> None:
    case = make_case(chance)
    priced = price(case)

    def told(kind: AdjustmentKind) -> Decimal:
        return sum((reason.amount for reason in priced.adjustments if reason.kind == kind), Decimal(0))

    assert -told(AdjustmentKind.DISCOUNT) == priced.amounts.discount_total
    assert told(AdjustmentKind.SHIPPING) == priced.amounts.shipping_total
    if case.terms.region is not None:
        assert told(AdjustmentKind.TAX) == priced.amounts.tax_total
    by_line = {reason.line: reason.label for reason in priced.adjustments if reason.kind == AdjustmentKind.PRICE}
    assert by_line == {place: line.price_reason for place, line in enumerate(priced.lines) if line.price_reason}
