"""The stock an order holds: its active reservations and what becomes of them. The order must be locked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from inventory.ledger import stock
from orders.models.reservation import Reservation
from orders.states import ReservationStatus
from shared.actor import Actor


def active_holds(order_ids: Iterable[UUID]) -> list[Reservation]:
    """The active reservations of these orders."""
    return list(
        Reservation.objects.filter(item__order_id__in=list(order_ids), status=ReservationStatus.ACTIVE).order_by("id")
    )


def end_holds(
    holds: Sequence[Reservation],
    *,
    as_status: ReservationStatus,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """Sell what is held (CONVERTED) or give it back (CANCELLED). 3 statements for any number of holds.

    Locks the stock levels, in primary-key order: call it last in the transaction.
    """
    if not holds:
        return
    Reservation.objects.filter(pk__in=[hold.pk for hold in holds]).update(status=as_status, updated_at=now)
    moves = [stock.Move(hold.level_id, hold.quantity, hold.item_id, actor.user_id) for hold in holds]
    levels = stock.lock(move.level_id for move in moves)
    if as_status == ReservationStatus.CONVERTED:
        stock.convert(levels, moves, now=now)
    else:
        stock.release(levels, moves, reason=reason, now=now)
