"""The seller and location that exist from the first migration, so that a one-seller shop never has to think of them."""

from catalog.models.seller import Seller
from catalog.models.stock_location import StockLocation

DEFAULT_SELLER_SLUG = "default"
DEFAULT_LOCATION_NAME = "Main"


def ensure_default_seller(*, using: str = "default") -> Seller:
    """Return the default seller, making it and its location where they are missing. Safe to call at any time."""
    seller = Seller.objects.using(using).filter(is_default=True).first()
    if seller is None:
        seller, _ = Seller.objects.using(using).get_or_create(
            slug=DEFAULT_SELLER_SLUG, defaults={"name": "Own stock", "is_default": True, "priority": 0}
        )
    ensure_location(seller=seller, using=using)
    return seller


def ensure_location(*, seller: Seller, using: str = "default") -> StockLocation:
    """Return the seller's first location by priority, making one where there is none."""
    location = StockLocation.objects.using(using).filter(seller=seller).order_by("priority", "id").first()
    if location is None:
        location, _ = StockLocation.objects.using(using).get_or_create(
            seller=seller, name=DEFAULT_LOCATION_NAME, defaults={"priority": 0}
        )
    return location
