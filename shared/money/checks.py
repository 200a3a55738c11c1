"""What an amount of money may be. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext

from shared.errors import InvalidInput
from shared.money.amounts import minor_unit, round_money


def check_amounts(amounts: Mapping[str, Decimal | None], currency: str) -> None:
    """Amounts by where they stand (a JSON pointer) are whole minor units of the currency, not below zero. Raises
    InvalidInput naming each that is not."""
    faults = [_fault_of_amount(pointer, amount, currency) for pointer, amount in amounts.items() if amount is not None]
    _raise_any(fault for fault in faults if fault)


def _fault_of_amount(pointer: str, amount: Decimal, currency: str) -> tuple[str, str, str] | None:
    if not amount.is_finite() or amount < 0:
        return pointer, "out_of_range", gettext("An amount is at least 0.")
    if round_money(amount, currency) != amount:
        text = gettext("An amount in %(currency)s is a multiple of %(unit)s.")
        return pointer, "not_whole_minor_units", text % {"currency": currency, "unit": minor_unit(currency)}
    return None


def _raise_any(faults: Iterable[tuple[str, str, str]]) -> None:
    found = list(faults)
    if found:
        raise InvalidInput(*found)
