"""An order over several sellers as one sub-order for each of them. Pure.

Lines go to their sub-order as they are, never priced again. What belongs to the whole order, shipping and its tax,
is shared out in proportion to what the sub-orders' lines cost (shared.money.amounts.split_money), so that their
totals add up to the order's to the last cent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from orders.pricing import LineAmounts, OrderAmounts, sum_order
from shared.money.amounts import split_money


@dataclass(frozen=True, slots=True)
class SellerOrderPlan:
    """One seller's share: `lines` are places in the whole order's list."""

    seller_id: UUID
    lines: tuple[int, ...]
    amounts: OrderAmounts


def split_by_seller(
    sellers: Sequence[UUID], lines: Sequence[LineAmounts], amounts: OrderAmounts, currency: str
) -> list[SellerOrderPlan]:
    """The sub-orders of an order whose lines (with their amounts) are these sellers', in the order of their first
    lines; none for an order of one seller."""
    places: dict[UUID, list[int]] = {}
    for place, seller_id in enumerate(sellers):
        places.setdefault(seller_id, []).append(place)
    # One seller's order needs no sub-order: it is the seller order itself.
    if len(places) == 1:
        return []
    goods = [sum_order(lines[place] for place in own) for own in places.values()]
    weights = [seller_order.total for seller_order in goods]
    shipping = split_money(amounts.shipping_total, weights, currency)
    shipping_tax = split_money(amounts.shipping_tax, weights, currency)
    return [
        SellerOrderPlan(
            seller_id,
            tuple(own),
            sum_order((lines[place] for place in own), shipping_total=share, shipping_tax=tax),
        )
        for (seller_id, own), share, tax in zip(places.items(), shipping, shipping_tax, strict=True)
    ]
