from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from orders.models.hold_policy import HoldPolicy
from shared.database.errors import AlreadyExists
from shared.database.write_row import delete_row, save_row
from shared.errors import InvalidInput

# By the constraint that the database names, not by a look beforehand: two colleagues may save the same at once.
_REFUSALS = {
    "hold_policy_once": lambda: AlreadyExists(
        "/payment_method", gettext("This payment method and group have a deadline already.")
    ),
    "hold_policy_minutes_within_a_year": lambda: InvalidInput(
        ("/minutes", "out_of_range", gettext("A deadline is within a year, and an extension at least a minute."))
    ),
}


def save_hold_policy(*, policy_id: UUID | None, values: Mapping[str, Any]) -> HoldPolicy:
    """Make a payment deadline, or change one; orders that wait keep theirs. Raises NotFound, InvalidInput,
    AlreadyExists."""
    return save_row(HoldPolicy, key=policy_id, values=values, refusals=_REFUSALS)


def delete_hold_policy(*, policy_id: UUID) -> None:
    """Delete a payment deadline: the next telling one counts. Raises NotFound."""
    delete_row(HoldPolicy, key=policy_id)
