from typing import TypedDict
from uuid import UUID

from inventory.models.location import StockLocation
from inventory.services.create_location import NAME_TAKEN
from shared.database.errors import named_constraints
from shared.database.write_row import update_row


class LocationChanges(TypedDict, total=False):
    """What may change; what is missing stays. A location never changes hands."""

    name: str
    priority: int
    is_active: bool


def update_location(*, location_id: UUID, changes: LocationChanges) -> StockLocation:
    """Change a location; stock at an inactive one cannot be ordered. Raises NotFound or AlreadyExists."""
    # Its seller cannot change: levels, ledger and orders of the location are that seller's.
    with named_constraints(NAME_TAKEN):
        return update_row(StockLocation, key=location_id, changes=changes)
