from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from catalog.models.seller import Seller
from inventory.models.location import StockLocation
from shared.database.errors import AlreadyExists, named_constraints
from shared.errors import InvalidInput

NAME_TAKEN = {
    "location_name_unique": lambda: AlreadyExists("/name", gettext("The seller has a location of this name."))
}


def create_location(*, seller_id: UUID, name: str, priority: int = 100, is_active: bool = True) -> StockLocation:
    """One more place where a seller keeps stock. Raises InvalidInput or AlreadyExists."""
    if not Seller.objects.filter(pk=seller_id).exists():
        raise InvalidInput(("/seller", "does_not_exist", gettext("There is no such seller.")))
    # The unique constraint decides, not a look before: two tabs may save the same name at once.
    with named_constraints(NAME_TAKEN), transaction.atomic():
        return StockLocation.objects.create(seller_id=seller_id, name=name, priority=priority, is_active=is_active)
