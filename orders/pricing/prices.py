"""What one unit costs, and by which list. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from shared.money.amounts import round_money

# What OrderItem.price_reason holds.
_REASON_LENGTH = 120


@dataclass(frozen=True, slots=True)
class ListPrice:
    """A variant's unit price from `min_quantity` units up, by a list that holds for the buyer now."""

    list_id: UUID
    list_name: str
    min_quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class AgreedPrice:
    """What somebody promised; it counts whatever the lists say."""

    amount: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """`reason` is empty for the variant's own price; `by` is the list that gave another."""

    amount: Decimal
    reason: str = ""
    by: ListPrice | None = None


def choose_price(
    *, own: Decimal | None, quantity: int, prices: Iterable[ListPrice], agreed: AgreedPrice | None, currency: str
) -> UnitPrice | None:
    """The agreed price, or else the lowest of the variant's own and the lists' for so many units; of equals the own
    one. `own` is None when it is in another currency. None when there is no price at all."""
    if agreed is not None:
        return UnitPrice(round_money(agreed.amount, currency), agreed.reason[:_REASON_LENGTH])
    reached = [price for price in prices if price.min_quantity <= quantity]
    # Of equal amounts the smaller quantity decides, then the name: the reason that is kept is the same each time.
    best = min(reached, key=lambda price: (price.amount, price.min_quantity, price.list_name), default=None)
    # A list that is no cheaper gives no reason: the line then costs what the catalogue says, and needs none.
    if best is not None and (own is None or best.amount < own):
        return UnitPrice(best.amount, _reason_of_price(best), best)
    return None if own is None else UnitPrice(own)


def _reason_of_price(price: ListPrice) -> str:
    since = f", from {price.min_quantity}" if price.min_quantity > 1 else ""
    # A long name is cut, not the quantity: that says why it is this price and not the list's other one.
    return price.list_name[: _REASON_LENGTH - len(since)] + since
