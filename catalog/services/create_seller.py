from django.db import transaction

from catalog.extension_points import set_up_seller
from catalog.models.seller import Seller
from catalog.writing.slugs import create_with_slug


def create_seller(*, name: str, slug: str | None = None, is_active: bool = True, priority: int = 100) -> Seller:
    """A new seller, set up: with a first location. Raises AlreadyExists for a slug that is taken."""
    with transaction.atomic():
        seller = create_with_slug(Seller, name=name, slug=slug, is_active=is_active, priority=priority)
        set_up_seller(seller)
    return seller
