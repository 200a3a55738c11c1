"""What an order costs. No database."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.pricing import LineAmounts, OrderAmounts, price_line, sum_order
from shared.money.amounts import format_money, minor_unit, round_money

PRICES = st.decimals(0, 10**12, places=3, allow_nan=False, allow_infinity=False)
RATES = st.decimals(0, 1, places=4, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "USD", "0.01"),
        ("0.015", "USD", "0.02"),
        ("0.025", "USD", "0.03"),
        ("0.0249999", "USD", "0.02"),
        ("0.5", "JPY", "1"),
        ("1.5", "JPY", "2"),
        ("2.5", "JPY", "3"),
        ("0.0005", "KWD", "0.001"),
        ("0.0015", "KWD", "0.002"),
        ("1E+3", "USD", "1000.00"),
        ("0", "JPY", "0"),
    ],
)
def test_money_is_rounded_half_up_to_the_currencys_digits(amount: str, currency: str, rounded: str) -> None:
    assert format_money(Decimal(amount), currency) == rounded


@given(amount=PRICES, currency=st.sampled_from(["USD", "JPY", "KWD"]))
def test_rounding_is_off_by_half_a_unit_at_most_and_stays_put(amount: Decimal, currency: str) -> None:
    rounded = round_money(amount, currency)

    assert abs(rounded - amount) <= minor_unit(currency) / 2
    assert round_money(rounded, currency) == rounded


def test_a_line_is_quantity_times_price_and_tax_on_the_whole_of_it() -> None:
    line = price_line(quantity=3, unit_price=Decimal("0.25"), tax_rate=Decimal("0.10"), currency="USD")

    assert line == LineAmounts(Decimal("0.25"), Decimal("0.75"), Decimal("0.10"), Decimal("0.08"))


def test_an_order_is_the_sum_of_its_lines() -> None:
    lines = [
        LineAmounts(Decimal("0.25"), Decimal("0.75"), Decimal("0.10"), Decimal("0.08")),
        LineAmounts(Decimal(5), Decimal(10), Decimal(0), Decimal(0), discount_amount=Decimal("0.50")),
    ]
    zero = Decimal(0)

    assert sum_order(lines) == OrderAmounts(Decimal("10.75"), Decimal("0.50"), Decimal("0.08"), zero, Decimal("10.33"))
    assert sum_order([]) == OrderAmounts(zero, zero, zero, zero, zero)


@given(lines=st.lists(st.tuples(st.integers(1, 1_000_000), PRICES, RATES), max_size=20))
def test_totals_add_up_exactly(lines: list[tuple[int, Decimal, Decimal]]) -> None:
    priced = [price_line(quantity=n, unit_price=price, tax_rate=rate, currency="KWD") for n, price, rate in lines]

    amounts = sum_order(priced)

    assert amounts.subtotal == sum(n * price for n, price, _ in lines)
    assert amounts.total == amounts.subtotal + amounts.tax_total
    for (n, price, rate), line in zip(lines, priced, strict=True):
        assert abs(line.tax_amount - n * price * rate) <= Decimal("0.0005")
