"""The seller that exists from the first migration, so that a one-seller shop never has to think of sellers."""

from catalog.models.seller import Seller

DEFAULT_SELLER_SLUG = "default"


def ensure_default_seller(*, using: str = "default") -> Seller:
    """Return the default seller, making it where it is missing. Safe to call at any time."""
    seller = Seller.objects.using(using).filter(is_default=True).first()
    if seller is None:
        # By the slug, which is unique: two processes that start at once make one.
        seller, _ = Seller.objects.using(using).get_or_create(
            slug=DEFAULT_SELLER_SLUG, defaults={"name": "Own stock", "is_default": True, "priority": 0}
        )
    return seller
