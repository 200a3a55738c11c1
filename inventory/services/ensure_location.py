"""Where a seller keeps stock who never said where: the location that every seller has from the beginning."""

from catalog.models.seller import Seller
from inventory.models.location import StockLocation

DEFAULT_LOCATION_NAME = "Main"


def ensure_location(*, seller: Seller, using: str = "default") -> StockLocation:
    """Return the seller's first location by priority, making one where there is none."""
    location = StockLocation.objects.using(using).filter(seller=seller).order_by("priority", "id").first()
    if location is None:
        # Two first levels of one seller may be made at once: the unique name makes it one location.
        location, _ = StockLocation.objects.using(using).get_or_create(
            seller=seller, name=DEFAULT_LOCATION_NAME, defaults={"priority": 0}
        )
    return location
