from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from inventory.ledger import stock
from inventory.ledger.one_level import move_stock
from inventory.models.movement import StockMovement
from shared.actor import Actor
from shared.errors import InvalidInput


def receive_stock(
    *,
    level_id: UUID,
    quantity: int,
    reason: str,
    actor: Actor,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> StockMovement:
    """Add `quantity` new units to a level. Returns the ledger row.

    Raises NotFound, StaleVersion, InvalidInput (below 1, no reason, or more than a level can hold) or Unavailable.
    Locks the level.
    """
    # Below zero it would be a correction, which has its own service, kind and permission.
    if quantity < 1:
        raise InvalidInput(("/quantity", "out_of_range", gettext("At least one unit must be received.")))
    return move_stock(
        stock.receive,
        level_id=level_id,
        quantity=quantity,
        reason=reason,
        actor=actor,
        expected_version=expected_version,
        now=now,
    )
