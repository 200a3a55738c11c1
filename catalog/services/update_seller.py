from typing import TypedDict
from uuid import UUID

from catalog.models.seller import Seller
from catalog.services.create_seller import ONE_DEFAULT
from shared.database.errors import named_constraints
from shared.database.write_row import update_row


class SellerChanges(TypedDict, total=False):
    """What may change; what is missing stays."""

    name: str
    slug: str
    is_active: bool
    priority: int
    is_default: bool


def update_seller(*, seller_id: UUID, changes: SellerChanges) -> Seller:
    """Change a seller; nothing of an inactive one can be ordered. Raises NotFound or AlreadyExists."""
    with named_constraints(ONE_DEFAULT):
        return update_row(Seller, key=seller_id, changes=changes)
