"""Who buys what from whom in invented orders, and how often each is chosen: long tails everywhere.

Pure: drawing goes on in processes of its own that know no database.
"""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

TAX_PERCENT = 20
# The best customer has one order in twenty (50,000 of a million); the others share the rest, few much, most little.
BEST_CUSTOMERS_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Goods:
    """One variant as order lines show it; the price is in hundredths."""

    variant_id: str
    sku: str
    name: str
    cents: int


@dataclass(frozen=True, slots=True)
class Buyer:
    customer_id: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Cast:
    """`seller_weights` are cumulative."""

    buyers: Sequence[Buyer]
    goods: Sequence[Goods]
    seller_ids: Sequence[str]
    seller_weights: Sequence[float]
    currency: str

    def pick_buyer(self, random: Random) -> Buyer:
        if random.random() < BEST_CUSTOMERS_SHARE:
            return self.buyers[0]
        return self.buyers[1 + int((len(self.buyers) - 1) * random.random() ** 2.5)]

    def pick_goods(self, random: Random) -> Goods:
        return self.goods[int(len(self.goods) * random.random() ** 2)]

    def pick_seller(self, random: Random) -> str:
        return self.seller_ids[bisect(self.seller_weights, random.random() * self.seller_weights[-1])]
