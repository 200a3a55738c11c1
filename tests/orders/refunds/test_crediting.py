"""The tax of refunds: in whatever steps money goes back, it is in the end the tax that was invoiced."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.documents.crediting import SHIPPING, Pot, Taken, credit, credit_change

D = Decimal
RATES = {"a": D("0.19"), "b": D("0.07"), SHIPPING: D("0.19")}


def pots(**gross: str) -> dict[UUID | str, Pot]:
    """Each with the tax that its rate makes of it."""
    amounts = {"a": "119.00", "b": "10.70", SHIPPING: "5.95"} | gross
    return {
        name: Pot(rate, D(amounts[name]), round(D(amounts[name]) * rate / (1 + rate), 2))
        for name, rate in RATES.items()
    }


def test_a_line_in_steps_gives_back_exactly_its_tax() -> None:
    steps = [Taken({"a": D("39.67")}, D(0)), Taken({"a": D("39.66")}, D(0)), Taken({"a": D("39.67")}, D(0))]

    taxes = [credit(pots(), steps[:count], "EUR").tax[RATES["a"]] for count in (1, 2, 3)]

    assert taxes == [D("6.33"), D("6.34"), D("6.33")]
    assert sum(taxes) == D("19.00")


def test_a_fee_takes_its_share_of_every_rate() -> None:
    credited = credit(pots(), [Taken({"a": D("119.00"), "b": D("10.70")}, D("-12.97"))], "EUR")

    assert (credited.gross[RATES["a"]], credited.gross[RATES["b"]]) == (D("107.10"), D("9.63"))
    assert (credited.tax[RATES["a"]], credited.tax[RATES["b"]]) == (D("17.10"), D("0.63"))


def test_currencies_without_minor_units_give_back_whole_units() -> None:
    yen: dict[UUID | str, Pot] = {"a": Pot(D("0.1"), D(1100), D(100))}

    taxes = [credit(yen, [Taken({"a": D(367)}, D(0))], "JPY").tax[D("0.1")]]
    taxes.append(credit(yen, [Taken({"a": D(733)}, D(0))], "JPY").tax[D("0.1")])

    assert taxes == [D(33), D(67)]


STEP = st.tuples(st.sampled_from(["a", "b", SHIPPING, "free"]), st.integers(1, 100))


@given(st.lists(STEP, max_size=6))
def test_lines_free_amounts_and_fees_in_any_order_add_up_to_the_invoice(wanted: list[tuple[str, int]]) -> None:
    asked = pots()
    left = {name: pot.gross for name, pot in asked.items()}
    rest = sum(left.values(), D(0))
    steps = []
    for name, percent in [*wanted, ("free", 100)]:
        value = round((rest if name == "free" else left[name]) * percent / 100, 2)
        amount = min(value, rest)  # what free amounts took before is not there any more
        if name != "free":
            left[name] -= value
        steps.append(Taken({} if name == "free" else {name: value}, amount - (0 if name == "free" else value)))
        rest -= amount

    notes = [credit(pots(), steps[: count + 1], "EUR") for count in range(len(steps))]

    for rate in set(RATES.values()):
        invoiced = [pot for pot in asked.values() if pot.rate == rate]
        assert sum(note.tax[rate] for note in notes) == sum(pot.tax for pot in invoiced)
        assert sum(note.gross[rate] for note in notes) == sum(pot.gross for pot in invoiced)


@pytest.mark.parametrize("parts", [["30.00"], ["10.01", "19.99"]])
def test_a_change_through_several_payments_gives_back_its_tax_once(parts: list[str]) -> None:
    by_rate = {D("0.19"): (D("35.70"), D("5.70")), D("0.07"): (D("-5.70"), D("-0.37"))}
    notes, before = [], D(0)
    for part in parts:
        notes.append(credit_change(by_rate, before=before, amount=D(part), currency="EUR"))
        before += D(part)

    for rate, (gross, tax) in by_rate.items():
        assert sum(note.gross[rate] for note in notes) == gross
        assert sum(note.tax[rate] for note in notes) == tax
    assert [sum(note.gross.values()) for note in notes] == [D(part) for part in parts]
