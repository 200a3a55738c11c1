"""How much tax of what rate goes back with a refund: docs/decisions/credit-notes.md.

Every line of a seller order, and its shipping, is a pot of money with the tax in it. Refunds are taken out of the
pots in the order in which they were made; a pot's tax goes back in proportion to its running sum, so that all of it, in
any number of steps, is exactly the tax that was invoiced. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from shared.money.amounts import round_money, split_money

ZERO = Decimal(0)
# Of the pot of shipping; those of lines are their ids.
SHIPPING = "shipping"
PotKey = UUID | str


@dataclass(slots=True)
class Pot:
    """`gross` was asked for it, `tax` of that is tax at `rate`; `back` and `tax_back` of these went back."""

    rate: Decimal
    gross: Decimal
    tax: Decimal
    back: Decimal = ZERO
    tax_back: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        return max(self.gross - self.back, ZERO)

    def take(self, amount: Decimal, currency: str) -> Decimal:
        """The tax in `amount`."""
        self.back += amount
        # The last of the money brings the last of the tax, however the steps before it were rounded.
        share = self.tax if self.back >= self.gross else round_money(self.tax * self.back / self.gross, currency)
        tax, self.tax_back = share - self.tax_back, share
        return tax


@dataclass(frozen=True, slots=True)
class Taken:
    """What one refund takes: `lines` and `shipping` by name, and a `rest` that is neither (a free amount; below zero a
    fee, or what another payment gives back)."""

    lines: Mapping[PotKey, Decimal]
    rest: Decimal


@dataclass(slots=True)
class Credited:
    """The tax of one refund: of what was named, before a fee, and gross and tax of all that goes back, by rate."""

    of_pot: dict[PotKey, Decimal] = field(default_factory=dict)
    gross: dict[Decimal, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    tax: dict[Decimal, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, rate: Decimal, gross: Decimal, tax: Decimal) -> None:
        self.gross[rate] += gross
        self.tax[rate] += tax


def credit(pots: Mapping[PotKey, Pot], refunds: Iterable[Taken], currency: str) -> Credited:
    """What goes back with the last of the refunds, which come in the order in which they were made."""
    credited = Credited()
    for refund in refunds:
        credited = _credit_one(pots, refund, currency)
    return credited


def _credit_one(pots: Mapping[PotKey, Pot], refund: Taken, currency: str) -> Credited:
    """A fee, or what another payment gives back, is taken off every line first: no more goes back than the amount. What
    is then more than a pot has left (a free amount had taken from it before) is of the others."""
    credited = Credited()
    amounts = list(refund.lines.values())
    less = split_money(max(-refund.rest, ZERO), amounts, currency)
    beyond = max(refund.rest, ZERO)
    for (key, amount), share in zip(refund.lines.items(), less, strict=True):
        # On a copy: what is named shows its tax before the fee, while the pot gives less.
        credited.of_pot[key] = replace(pots[key]).take(amount, currency)
        own = min(amount - share, pots[key].left)
        _take_from_pot(pots[key], own, credited, currency)
        beyond += amount - share - own
    left = {key: pot.left for key, pot in pots.items()}
    if beyond and any(left.values()):
        # Nobody said what a free amount is for, so it is of everything, by what is left of it.
        for key, share in zip(left, split_money(beyond, list(left.values()), currency), strict=True):
            _take_from_pot(pots[key], share, credited, currency)
    return credited


def _take_from_pot(pot: Pot, amount: Decimal, credited: Credited, currency: str) -> None:
    if amount:
        credited.add(pot.rate, amount, pot.take(amount, currency))


def credit_change(
    by_rate: Mapping[Decimal, tuple[Decimal, Decimal]], *, before: Decimal, amount: Decimal, currency: str
) -> Credited:
    """Of an order that was changed to cost less: `by_rate` is what it costs less, and how much of that is tax, rate by
    rate (below zero where it costs more). `amount` of it goes back now, `before` went back through other payments."""
    credited = Credited()
    whole = sum((gross for gross, _tax in by_rate.values()), ZERO)
    if not whole:
        return credited
    # Differences of rounded running sums: however many refunds share a change, together they have exactly its tax.
    shares = {
        rate: [
            round_money(value * (before + amount) / whole, currency) - round_money(value * before / whole, currency)
            for value in values
        ]
        for rate, values in by_rate.items()
    }
    largest = max(by_rate, key=lambda rate: by_rate[rate][0])
    shares[largest][0] += amount - sum((gross for gross, _tax in shares.values()), ZERO)  # what rounding lost
    for rate, (gross, tax) in shares.items():
        credited.add(rate, gross, tax)
    return credited


def difference_by_rate(
    before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]], rates: Mapping[str, Decimal]
) -> dict[Decimal, tuple[Decimal, Decimal]]:
    """By how much lines, as orders.editing.writing.snapshot_of shows them, cost less after a change: gross and tax by
    rate. `rates` are the lines' own, by id."""
    sums: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for sign, lines in ((1, before), (-1, after)):
        for line in lines:
            rate = rates.get(line["id"], ZERO)
            tax = Decimal(line["tax_amount"])
            gross = Decimal(line["total_price"]) - Decimal(line["discount_amount"]) + tax
            known = sums.get(rate, (ZERO, ZERO))
            sums[rate] = (known[0] + sign * gross, known[1] + sign * tax)
    return {rate: values for rate, values in sums.items() if any(values)}
