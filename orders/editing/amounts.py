"""What changed lines cost, and by how much that moves their order. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from orders.pricing import LineAmounts, price_line
from shared.money.amounts import round_money

ZERO = Decimal(0)
Key = TypeVar("Key", bound=UUID)


def changed_line(line: LineAmounts, *, before: int, after: int, currency: str) -> LineAmounts:
    """The line with `after` units instead of `before`, at its own price and tax rate.

    Its share of the order's discount is what was granted: it stays when units come, and shrinks with those that go,
    half-up to the minor unit. `before` is at least 1.
    """
    # To the cent as it was granted: computed anew it could be rounded to something else.
    if after == before:
        return line
    discount = line.discount_amount
    if after < before:
        # Rounded up it could exceed what the units that stay cost: a line below zero would pay for the others.
        discount = min(round_money(discount * after / before, currency), line.unit_price * after)
    return price_line(
        quantity=after,
        unit_price=line.unit_price,
        tax_rate=line.tax_rate,
        currency=currency,
        tax_included=line.tax_included,
        discount_amount=discount,
        price_reason=line.price_reason,
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What an order's amounts grow by; below zero what they shrink by."""

    subtotal: Decimal = ZERO
    discount_total: Decimal = ZERO
    tax_total: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.subtotal - self.discount_total + self.tax_total


def difference(before: Iterable[LineAmounts], after: Iterable[LineAmounts]) -> Difference:
    """Between the lines as they were and as they will be."""
    old, new = list(before), list(after)
    return Difference(
        sum((line.total_price for line in new), ZERO) - sum((line.total_price for line in old), ZERO),
        sum((line.discount_amount for line in new), ZERO) - sum((line.discount_amount for line in old), ZERO),
        sum((line.tax_amount for line in new), ZERO) - sum((line.tax_amount for line in old), ZERO),
    )


@dataclass(frozen=True, slots=True)
class Settlement:
    """What follows from an order that costs something else than was paid: one of the two is zero."""

    due: Decimal
    back: Decimal


def settle(*, total: Decimal, here: Decimal) -> Settlement:
    """`here` is the money that is there for it."""
    return Settlement(max(total - here, ZERO), max(here - total, ZERO))


def take_units(holds: Mapping[Key, int], units: int) -> dict[Key, int]:
    """How many of `units` each hold gives, in order, each at most what it has. Raises ValueError beyond all of them."""
    taken: dict[Key, int] = {}
    for key, has in holds.items():
        if (take := min(has, units)) > 0:
            taken[key] = take
            units -= take
    # Never reached under the order's lock: the plan asks for no more than the line has, so the books must be wrong.
    if units:
        raise ValueError(f"{units} more units are to be given back than are held.")
    return taken
