"""What units of a line are worth when they go back: pure arithmetic."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from orders.incoming_payments.amounts import ZERO, PaymentBalance, line_amount, spread, units_amount
from shared.money.amounts import minor_unit, round_money

CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])


@given(
    currency=CURRENCIES,
    minor=st.integers(0, 10**12),
    steps=st.lists(st.integers(1, 50), min_size=1, max_size=20),
)
def test_refunding_all_units_in_any_steps_gives_back_exactly_the_line(
    currency: str, minor: int, steps: list[int]
) -> None:
    amount, quantity = minor * minor_unit(currency), sum(steps)
    refunded, given_back = 0, ZERO

    for units in steps:
        worth = units_amount(
            amount, quantity=quantity, refunded=refunded, given_back=given_back, units=units, currency=currency
        )
        assert worth >= 0
        assert worth == round_money(worth, currency)
        assert abs(worth - amount * units / quantity) <= minor_unit(currency)
        refunded, given_back = refunded + units, given_back + worth
        assert given_back <= amount

    assert given_back == amount


@given(
    currency=CURRENCIES,
    before=st.integers(0, 10**6),
    after=st.integers(0, 10**6),
    quantity=st.integers(1, 20),
    refunded=st.integers(0, 20),
)
def test_a_line_whose_price_was_changed_in_between_gives_back_no_more_than_it_costs_now(
    currency: str, before: int, after: int, quantity: int, refunded: int
) -> None:
    old, new, first = before * minor_unit(currency), after * minor_unit(currency), min(refunded, quantity)
    so_far = units_amount(old, quantity=quantity, refunded=0, given_back=ZERO, units=first, currency=currency)

    rest = units_amount(
        new, quantity=quantity, refunded=first, given_back=so_far, units=quantity - first, currency=currency
    )

    assert rest == max(new - so_far, ZERO)


def test_a_line_costs_what_is_left_after_its_discount_with_its_tax() -> None:
    facts = {"total_price": Decimal("25.21"), "discount_amount": Decimal(5), "tax_amount": Decimal("3.84")}
    assert line_amount(**facts) == Decimal("24.05")
    assert line_amount(**{**facts, "discount_amount": Decimal(99)}) == 0


@given(amount=st.integers(0, 100), available=st.lists(st.integers(0, 60), min_size=1, max_size=5))
def test_one_payment_gives_alone_where_it_can_and_none_gives_more_than_it_has(
    amount: int, available: list[int]
) -> None:
    takes = spread(Decimal(amount), [Decimal(has) for has in available])

    assert sum(takes) == min(amount, sum(available))
    assert all(0 <= take <= has for take, has in zip(takes, available, strict=True))
    if max(available) >= amount > 0:
        assert sum(take > 0 for take in takes) == 1


@given(amount=st.integers(0, 100), excess=st.integers(0, 100), usual=st.integers(0, 100), overpaid=st.integers(0, 100))
def test_a_payments_surplus_and_the_rest_never_mix(amount: int, excess: int, usual: int, overpaid: int) -> None:
    excess = min(excess, amount)
    overpaid, usual = min(overpaid, excess), min(usual, amount - excess)
    balance = PaymentBalance(
        Decimal(amount), Decimal(excess), Decimal(usual + overpaid), Decimal(overpaid), counts=True
    )

    assert (balance.refundable, balance.overpaid) == (amount - excess - usual, excess - overpaid)
    assert balance.refundable + balance.overpaid == balance.left
