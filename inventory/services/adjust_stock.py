from datetime import datetime
from uuid import UUID

from inventory.ledger import stock
from inventory.ledger.one_level import move_stock
from inventory.models.movement import StockMovement
from shared.actor import Actor


def adjust_stock(
    *,
    level_id: UUID,
    quantity: int,
    reason: str,
    actor: Actor,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> StockMovement:
    """Correct what is on hand by `quantity` units, up or down. Returns the ledger row.

    Raises NotFound, StaleVersion, BelowReserved, Unavailable, or InvalidInput (no reason, or outside of what
    a level can hold). Locks the level.
    """
    return move_stock(
        stock.adjust,
        level_id=level_id,
        quantity=quantity,
        reason=reason,
        actor=actor,
        expected_version=expected_version,
        now=now,
    )
