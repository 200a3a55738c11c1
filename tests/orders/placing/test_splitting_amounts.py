"""An order over several sellers adds up to its parts. No database."""

from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from orders.placing.splitting import split_by_seller
from orders.pricing import LineAmounts, price_line, sum_order
from shared.money.amounts import minor_unit, round_money, split_money

CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])


def seller(number: int) -> UUID:
    return UUID(int=number)


@given(st.decimals(0, 10**6, places=3), st.lists(st.integers(0, 10**6), min_size=1, max_size=9), CURRENCIES)
def test_shares_add_up_and_are_fair(amount: Decimal, weights: list[int], currency: str) -> None:
    whole = round_money(amount, currency)
    shares = split_money(whole, weights, currency)

    assert sum(shares) == whole
    for share, weight in zip(shares, weights, strict=True):
        assert share == round_money(share, currency)
        if sum(weights):
            assert abs(share - whole * weight / sum(weights)) < minor_unit(currency)


def test_what_cannot_be_divided_goes_to_those_that_lost_most() -> None:
    assert split_money(Decimal("1.00"), [1, 1, 1], "USD") == [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]
    assert split_money(Decimal(100), [1, 2, 3], "JPY") == [17, 33, 50]
    assert split_money(Decimal("0.05"), [0, 0], "USD") == [Decimal("0.05"), 0]
    assert split_money(Decimal(5), [], "USD") == []


LINES = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 50), st.decimals(0, 10**4, places=2), st.sampled_from([0, 1, 5, 20])),
    min_size=1,
    max_size=8,
)


@given(LINES, st.decimals(0, 100, places=2), CURRENCIES)
def test_parts_add_up_to_the_order(lines: list[tuple[int, int, Decimal, int]], fee: Decimal, currency: str) -> None:
    sellers = [seller(number) for number, *_ in lines]
    priced: list[LineAmounts] = [
        price_line(
            quantity=quantity,
            unit_price=round_money(price, currency),
            tax_rate=Decimal(percent) / 100,
            currency=currency,
        )
        for _, quantity, price, percent in lines
    ]
    shipping = round_money(fee, currency)
    whole = sum_order(priced, shipping_total=shipping, shipping_tax=round_money(fee / 5, currency))
    parts = split_by_seller(sellers, priced, whole, currency)

    if len(set(sellers)) == 1:
        assert parts == []
        return
    assert [part.seller_id for part in parts] == list(dict.fromkeys(sellers))
    assert sorted(place for part in parts for place in part.lines) == list(range(len(lines)))
    for name in ("subtotal", "discount_total", "tax_total", "shipping_total", "shipping_tax", "total"):
        assert sum(getattr(part.amounts, name) for part in parts) == getattr(whole, name), name
