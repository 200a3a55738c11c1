"""What may go back: of a line, of shipping, of a seller order, of a payment. Pure: no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.money.amounts import round_money

ZERO = Decimal(0)


def line_amount(*, total_price: Decimal, discount_amount: Decimal, tax_amount: Decimal) -> Decimal:
    """What the buyer pays for a line: after its discount, with its tax."""
    return max(total_price - discount_amount + tax_amount, ZERO)


def units_amount(
    amount: Decimal, *, quantity: int, refunded: int, given_back: Decimal, units: int, currency: str
) -> Decimal:
    """What `units` more of a line's `quantity` are worth, when `refunded` units brought back `given_back` already.

    The line's `amount` is shared out by the running count of units, so that refunding all of them, in any number of
    steps, gives back exactly the amount.
    """
    share = round_money(amount * (refunded + units) / quantity, currency) if quantity else amount
    if refunded + units >= quantity:
        share = amount
    return max(share - given_back, ZERO)


@dataclass(frozen=True, slots=True)
class PaymentBalance:
    """What one payment still has to give: `refundable` of the money that counts for the order, `overpaid` of the money
    that is owed back anyhow (too much, twice, too late)."""

    amount: Decimal
    excess: Decimal
    refunded: Decimal
    overpayment_refunded: Decimal
    counts: bool

    @property
    def left(self) -> Decimal:
        return self.amount - self.refunded

    @property
    def overpaid(self) -> Decimal:
        return min(self.left, self.excess - self.overpayment_refunded) if self.counts else self.left

    @property
    def refundable(self) -> Decimal:
        return self.left - self.overpaid


def spread(amount: Decimal, available: Sequence[Decimal]) -> list[Decimal]:
    """How much each balance gives: one alone where one has enough, else each in turn what it has. The rest that none
    has is the caller's to notice: the sum is then below `amount`."""
    # One payment alone where that will do: each refund is a transfer of its own, which may fail by itself.
    for index, has in enumerate(available):
        if has >= amount:
            return [amount if place == index else ZERO for place in range(len(available))]
    takes = []
    for has in available:
        takes.append(min(has, amount))
        amount -= takes[-1]
    return takes
