"""Tiers of customers."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from shared.database.errors import AlreadyExists
from shared.database.write_row import delete_row, save_row
from users.models.customer_group import CustomerGroup

_TAKEN = {
    "customer_group_name_unique": lambda: AlreadyExists("/name", gettext("There is a customer group of this name."))
}


def save_customer_group(*, group_id: UUID | None, values: Mapping[str, Any]) -> CustomerGroup:
    """Make a group of customers, or change one. Raises NotFound, InvalidInput, AlreadyExists for a name that is there
    in any case."""
    return save_row(CustomerGroup, key=group_id, values=values, refusals=_TAKEN)


def delete_customer_group(*, group_id: UUID) -> None:
    """Delete a group; its customers stay, without one. Raises NotFound, or RecordInUse while price lists or coupons
    name it."""
    delete_row(CustomerGroup, key=group_id)
