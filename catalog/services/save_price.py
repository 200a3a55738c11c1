"""One price of a list, where the others stay."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from catalog.models.price_list import Price
from catalog.models.variant import Variant
from catalog.services.save_price_list import lock_price_list
from shared.database.errors import AlreadyExists, named_constraints
from shared.database.write_row import check_columns, delete_row, update_row
from shared.errors import InvalidInput
from shared.money.checks import check_amounts

_ONCE = {
    "price_once_a_quantity": lambda: AlreadyExists(
        "/min_quantity", gettext("A variant has one price from a quantity up, not two.")
    )
}


def save_price(
    *, price_list_id: UUID, price_id: UUID | None, values: Mapping[str, Any], currency: str | None = None
) -> Price:
    """Make a price of the list, or change one. `currency`: the one that the list is about to get, where it changes.

    Raises NotFound, InvalidInput (amount, quantity, variant), AlreadyExists. Locks the list.
    """
    with named_constraints(_ONCE), transaction.atomic():
        # Locked, so that nobody gives the list another currency between the check of the amount and the row.
        price_list = lock_price_list(price_list_id)
        check_amounts({"/amount": values.get("amount")}, currency or price_list.currency)
        check_columns(Price, values)
        if "variant_id" in values and not Variant.objects.filter(pk=values["variant_id"]).exists():
            raise InvalidInput(("/variant", "not_found", gettext("No such variant.")))
        if price_id is None:
            return Price.objects.create(price_list=price_list, **values)
        return update_row(Price, key=price_id, changes=values)


def delete_price(*, price_id: UUID) -> None:
    """Take a price off its list. Raises NotFound."""
    delete_row(Price, key=price_id)
