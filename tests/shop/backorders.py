"""Orders for more than there is, for tests."""

from datetime import datetime

from catalog.models.variant import Variant
from inventory.models.level import StockLevel
from orders.models.order import Order
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import Buyer


def make_level_to_wait_for(*, on_hand: int, limit: int) -> StockLevel:
    """A level whose variant may be sold `limit` units beyond it."""
    level = make_level(on_hand=on_hand, tax_rate="0")
    Variant.objects.filter(pk=level.variant_id).update(backorder_limit=limit)
    return level


def sell_ahead(buyer: Buyer, level: StockLevel, units: int, *, now: datetime | None = None) -> Order:
    """An order of `units`: what is free is held, the rest waits."""
    return order_of(buyer, (level, units), now=now)
