from django.db import transaction
from django.utils.translation import gettext

from catalog.extension_points import set_up_seller
from catalog.models.seller import Seller
from catalog.writing.slugs import create_with_slug
from shared.database.errors import AlreadyExists, named_constraints

# By the constraint: of two colleagues who each choose a default at once, both would find none before.
ONE_DEFAULT = {
    "one_default_seller": lambda: AlreadyExists("/is_default", gettext("Another seller is asked first already."))
}


def create_seller(
    *,
    name: str,
    slug: str | None = None,
    is_active: bool = True,
    priority: int = 100,
    is_default: bool = False,
    set_up: bool = True,
) -> Seller:
    """A new seller, set up: with a first location. Without `set_up` whoever calls gives it locations of its own, and
    calls set_up_seller then. Raises AlreadyExists for a slug that is taken, or where another seller is the default."""
    with named_constraints(ONE_DEFAULT), transaction.atomic():
        seller = create_with_slug(
            Seller, name=name, slug=slug, is_active=is_active, priority=priority, is_default=is_default
        )
        if set_up:
            set_up_seller(seller)
    return seller
