"""Changed lines: pure rules, for any numbers."""

from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from orders.editing.amounts import changed_line, difference, settle, take_units
from orders.pricing import LineAmounts, price_line, sum_order

CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])
PRICES = st.decimals(0, 10_000, places=2)
RATES = st.sampled_from([Decimal(rate) for rate in ("0", "0.07", "0.19", "0.2", "0.255")])
UNITS = st.integers(1, 1000)


@st.composite
def lines(draw: st.DrawFn, currency: str) -> tuple[LineAmounts, int]:
    """A line that may be discounted, and how many units it has."""
    price, quantity = draw(PRICES).quantize(Decimal(1)), draw(UNITS)
    discount = (price * quantity * draw(st.integers(0, 100)) / 100).quantize(Decimal(1), rounding="ROUND_FLOOR")
    line = price_line(
        quantity=quantity,
        unit_price=price,
        tax_rate=draw(RATES),
        currency=currency,
        tax_included=draw(st.booleans()),
        discount_amount=discount,
    )
    return line, quantity


def is_sound(line: LineAmounts, quantity: int) -> None:
    price = line.unit_price * quantity
    assert line.total_price == (price - line.tax_amount if line.tax_included else price)
    assert 0 <= line.discount_amount <= price
    assert line.tax_amount >= 0
    assert line.total_price - line.discount_amount + line.tax_amount >= 0


@given(st.data(), CURRENCIES, st.integers(0, 2000))
def test_a_changed_line_adds_up_and_keeps_its_price(data: st.DataObject, currency: str, after: int) -> None:
    line, before = data.draw(lines(currency))

    changed = changed_line(line, before=before, after=after, currency=currency)

    is_sound(changed, after)
    assert (changed.unit_price, changed.tax_rate, changed.tax_included) == (
        line.unit_price,
        line.tax_rate,
        line.tax_included,
    )
    assert (changed.discount_amount >= line.discount_amount) is (after >= before or not line.discount_amount) or (
        changed.discount_amount <= line.discount_amount
    )
    if after == 0:
        assert changed.total_price == changed.discount_amount == changed.tax_amount == 0
    if after == before:
        assert changed == line


@given(st.data(), CURRENCIES)
def test_the_difference_is_what_the_totals_differ_by(data: st.DataObject, currency: str) -> None:
    before = data.draw(st.lists(lines(currency), min_size=1, max_size=6))
    units = data.draw(st.lists(st.integers(0, 2000), min_size=len(before), max_size=len(before)))
    added = [line for line, _ in data.draw(st.lists(lines(currency), max_size=3))]

    after = [
        changed_line(line, before=has, after=wants, currency=currency)
        for (line, has), wants in zip(before, units, strict=True)
    ] + added

    old = sum_order((line for line, _ in before), shipping_total=Decimal(7), shipping_tax=Decimal(1))
    new = sum_order(after, shipping_total=Decimal(7), shipping_tax=Decimal(1))
    by = difference([line for line, _ in before], after)
    assert new.total - old.total == by.total
    assert (new.subtotal, new.discount_total, new.tax_total) == (
        old.subtotal + by.subtotal,
        old.discount_total + by.discount_total,
        old.tax_total + by.tax_total,
    )
    assert new.total >= 0


@given(st.lists(UNITS, max_size=8), st.data())
def test_what_is_given_back_is_what_was_asked_for_and_no_hold_gives_more_than_it_has(
    held: list[int], data: st.DataObject
) -> None:
    holds = {UUID(int=place): units for place, units in enumerate(held)}
    units = data.draw(st.integers(0, sum(held)))

    taken = take_units(holds, units)

    assert sum(taken.values()) == units
    assert all(0 < taken[key] <= holds[key] for key in taken)
    assert [key for key in holds if 0 < taken.get(key, 0) < holds[key]] in [[], list(taken)[-1:]], (
        "only the last in part"
    )


@given(PRICES, PRICES)
def test_something_is_due_or_goes_back_never_both(total: Decimal, here: Decimal) -> None:
    money = settle(total=total, here=here)

    assert money.due * money.back == 0
    assert here + money.due - money.back == total
