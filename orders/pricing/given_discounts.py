"""Discounts that staff give, off a line or off the whole order. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from orders.models.draft import Discounted, DiscountKind
from shared.money.amounts import minor_unit, round_money

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class GivenDiscount:
    """`value` is percent, or an amount in the order's currency; `reason` stands on the order."""

    kind: str
    value: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class TakenOff:
    """What a discount comes to; `line` is a place in the order's lines, None for the whole order."""

    discount: GivenDiscount
    amount: Decimal
    line: int | None = None


def discount_in(row: Discounted) -> GivenDiscount | None:
    """That of a draft or of one of its lines."""
    if not row.discount_kind:
        return None
    return GivenDiscount(row.discount_kind, row.discount_value or _ZERO, row.discount_reason)


def amount_off(discount: GivenDiscount, worth: Decimal, currency: str) -> Decimal:
    """What it takes off: half-up to the minor unit, never more than there is."""
    wanted = worth * discount.value / 100 if discount.kind == DiscountKind.PERCENT else discount.value
    # Floor: of prices finer than the minor unit no cent more may be taken off than the lines come to.
    return min(round_money(wanted, currency), worth.quantize(minor_unit(currency), rounding=ROUND_FLOOR))


def off_the_lines(
    discounts: Sequence[GivenDiscount | None], worth: Sequence[Decimal], currency: str
) -> list[TakenOff | None]:
    """What each line's own discount comes to."""
    return [
        None if discount is None else TakenOff(discount, amount_off(discount, whole, currency), place)
        for place, (discount, whole) in enumerate(zip(discounts, worth, strict=True))
    ]
