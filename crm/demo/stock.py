"""Where the demo shop's goods lie, and how they get there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from catalog.models.seller import Seller
from catalog.services.ensure_default_seller import ensure_default_seller
from crm.demo.assortment import LIMITED, RUNNING_LOW, SOLD_OUT
from crm.demo.catalogue import Good
from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from inventory.services.adjust_stock import adjust_stock
from inventory.services.create_stock_level import create_stock_level
from inventory.services.ensure_location import ensure_location
from inventory.services.receive_stock import receive_stock
from shared.actor import Actor

PARTNER, WORKSHOP = "nordlicht-handel", "atelier-rivage"
_SELLERS = ((PARTNER, "Nordlicht Handel", 10), (WORKSHOP, "Atelier Rivage", 20))
# key: seller's slug (None: the default seller), name, priority
LOCATIONS = {
    "floor": (None, "Shop floor", 10),
    "hamburg": (PARTNER, "Hamburg", 0),
    "overflow": (PARTNER, "Bremen overflow", 50),
    "lyon": (WORKSHOP, "Lyon workshop", 0),
}
_DELIVERY, _FIRST_DELIVERY, _EXPRESS = "delivery", "first delivery", "express delivery"
_MISHAPS = (("stocktake: two missing", -2), ("stocktake: one found", 1), ("damaged in store", -1))


@dataclass(frozen=True, slots=True)
class Shelf:
    """A stock level, and how many units a delivery fills it up to."""

    level_id: UUID
    sku: str
    seller: str | None
    full: int


class Storeroom:
    """All shelves; what goes in or out besides orders goes through here."""

    def __init__(self, sellers: dict[str, UUID], shelves: list[Shelf], keeper: Actor) -> None:
        self.sellers = sellers
        self.shelves = shelves
        self._keeper = keeper
        self._first: dict[tuple[str, str | None], Shelf] = {}
        for shelf in shelves:
            self._first.setdefault((shelf.sku, None), shelf)
            self._first.setdefault((shelf.sku, shelf.seller), shelf)

    def fill(self, now: datetime) -> None:
        """The first delivery: every shelf full."""
        for shelf in self.shelves:
            self._receive_units(shelf, shelf.full, _FIRST_DELIVERY, now)

    def replenish(self, now: datetime) -> None:
        """A delivery for the shelves that are down to a third. What is limited does not come again."""
        available = self._available_by_level()
        for shelf in self.shelves:
            left = available[shelf.level_id]
            if left * 3 <= shelf.full and shelf.sku not in LIMITED:
                self._receive_units(shelf, shelf.full - left, _DELIVERY, now)

    def bring(self, sku: str, seller: str | None, units: int, now: datetime) -> None:
        """Just what an order is short of, to where the order looks first."""
        self._receive_units(self._first[sku, seller], units, _EXPRESS, now)

    def mishap(self, rng: Random, now: datetime) -> None:
        """A stocktake that finds something."""
        shelf = rng.choice([shelf for shelf in self.shelves if shelf.sku not in LIMITED])
        reason, quantity = rng.choice(_MISHAPS)
        if self._available_by_level()[shelf.level_id] + quantity >= 0:
            self._adjust_units(shelf, quantity, reason, now)

    def run_down(self, now: datetime) -> None:
        """A flea market takes what the shop is to be out of, and most of what it is to be short of."""
        available = self._available_by_level()
        for place, shelf in enumerate(self.shelves):
            left = 0 if shelf.sku in SOLD_OUT else 1 + place % 4
            surplus = available[shelf.level_id] - left
            if shelf.sku in (*SOLD_OUT, *RUNNING_LOW) and surplus > 0:
                self._adjust_units(shelf, -surplus, "sold at the flea market", now)

    def _available_by_level(self) -> dict[UUID, int]:
        return {level.pk: level.available for level in StockLevel.objects.all()}

    def _receive_units(self, shelf: Shelf, units: int, reason: str, now: datetime) -> None:
        receive_stock(level_id=shelf.level_id, quantity=units, reason=reason, actor=self._keeper, now=now)

    def _adjust_units(self, shelf: Shelf, quantity: int, reason: str, now: datetime) -> None:
        adjust_stock(level_id=shelf.level_id, quantity=quantity, reason=reason, actor=self._keeper, now=now)


def build_storeroom(goods: Iterable[Good], *, keeper: Actor, at: datetime) -> Storeroom:
    """Sellers and their locations, made at `at`, and an empty shelf wherever a good lies."""
    sellers = {slug: _make_seller(slug, name, priority, at) for slug, name, priority in _SELLERS}
    default = ensure_default_seller()
    places = {"main": ensure_location(seller=default)}
    for key, (slug, name, priority) in LOCATIONS.items():
        places[key] = StockLocation.objects.create(
            seller=sellers[slug] if slug else default, name=name, priority=priority, created_at=at
        )
    shelves = [
        _make_shelf(good, place, places[place], first=place == good.lies_at[0], keeper=keeper)
        for good in goods
        for place in good.lies_at
    ]
    return Storeroom({slug: seller.pk for slug, seller in sellers.items()}, shelves, keeper)


def _make_seller(slug: str, name: str, priority: int, at: datetime) -> Seller:
    return Seller.objects.create(slug=slug, name=name, priority=priority, created_at=at)


def _make_shelf(good: Good, place: str, location: StockLocation, *, first: bool, keeper: Actor) -> Shelf:
    full = LIMITED.get(good.sku) or _full_shelf_of(good) // (1 if first else 2)
    level = create_stock_level(
        variant_id=good.variant_id,
        location_id=location.pk,
        on_hand=0,
        low_stock_threshold=None if 15 <= good.price < 60 else full // 4,
        actor=keeper,
    )
    seller = LOCATIONS[place][0] if place in LOCATIONS else None
    return Shelf(level.pk, good.sku, seller, full)


def _full_shelf_of(good: Good) -> int:
    """Shelves hold more of what is cheap."""
    return 48 if good.price < 15 else 24 if good.price < 60 else 12
