"""What adjusting and receiving have in common: one level, one ledger row, one retried transaction."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

import structlog
from django.utils.translation import gettext

from inventory.ledger import stock
from inventory.models.movement import StockMovement
from shared.actor import Actor
from shared.concurrency.versions import check_row_version
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import InvalidInput, NotFound

log = structlog.get_logger("kontor.stock")

MAX_REASON = 200


class Mover(Protocol):
    """`stock.adjust` or `stock.receive`."""

    __name__: str

    def __call__(
        self,
        levels: stock.Levels,
        moves: list[stock.Move],
        *,
        reason: str,
        now: datetime | None,
    ) -> None: ...


def move_stock(
    mover: Mover,
    *,
    level_id: UUID,
    quantity: int,
    reason: str,
    actor: Actor,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> StockMovement:
    """Lock the level, move, return the ledger row. Raises what `mover` raises, NotFound and StaleVersion."""
    reason = reason.strip()
    if not 1 <= len(reason) <= MAX_REASON:
        raise InvalidInput(
            ("/reason", "length", gettext("Say why, in 1 to %(most)s characters.") % {"most": MAX_REASON})
        )

    # Made before the first try: by its id a second one finds what an earlier one committed unheard.
    move = stock.Move(level_id, quantity, actor_id=actor.user_id)

    def find_done() -> StockMovement | None:
        return StockMovement.objects.filter(pk=move.id).first()

    def work(again: bool) -> StockMovement:
        with outermost_transaction():
            levels = stock.lock([level_id])
            # Under the level's lock, so that a try that is still committing somewhere has ended.
            if again and (done := find_done()):
                return done
            if level_id not in levels:
                raise NotFound(gettext("There is no such stock level."))
            level = levels[level_id]
            # After the look for an earlier try, which has raised the version itself.
            check_row_version(level, expected_version, gettext("The stock level is at version %(version)s."))
            mover(levels, [move], reason=reason, now=now)
            return StockMovement.objects.get(pk=move.id)

    movement = retry_transaction(work, name=f"{mover.__name__}_stock", find_done=find_done)
    log.info(
        "stock_moved",
        kind=movement.kind,
        level=str(level_id),
        quantity=quantity,
        actor=actor.label,
        reason=reason,
    )
    return movement
