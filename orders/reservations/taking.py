"""Units of locked stock levels for lines that are there already: after a late payment, a change of the lines, or when
goods arrive. The order group and the levels must be locked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from inventory.ledger import stock
from inventory.sellable_variants import SellableVariant, Stock
from orders.models.reservation import Reservation
from orders.states import ReservationStatus
from shared.actor import Actor
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Taken:
    """`units` of one level, for one line."""

    item_id: UUID
    level_id: UUID
    units: int


def stock_of_seller(sellable: SellableVariant | None, seller_id: UUID) -> list[Stock]:
    """What that seller has of it."""
    return [choice for choice in sellable.stock if choice.seller_id == seller_id] if sellable else []


def as_locked(choice: Stock, levels: stock.Levels) -> Stock:
    """With what can be ordered as it is under the lock."""
    available = levels[choice.level_id].available
    return Stock(choice.level_id, choice.seller_id, choice.seller_is_default, choice.rank, available)


def hold_units(
    levels: stock.Levels, taken: Sequence[Taken], *, actor: Actor, expires_at: datetime | None, now: datetime
) -> None:
    """Until `expires_at`. A line holds a level once: more of it goes into the reservation that is there."""
    stock.reserve(levels, _stock_moves(taken, actor), now=now)
    for took in taken:
        there = Reservation.objects.filter(item=took.item_id, level=took.level_id, status=ReservationStatus.ACTIVE)
        # Update first: a unique index allows one active reservation of a level for each line.
        if not there.update(quantity=F("quantity") + took.units, updated_at=now):
            hold = _new_reservation(took, ReservationStatus.ACTIVE, now)
            hold.expires_at = expires_at
            hold.save(force_insert=True)


def sell_units(levels: stock.Levels, taken: Sequence[Taken], *, actor: Actor, now: datetime) -> None:
    """Of a paid order: held and sold at once."""
    stock.reserve(levels, _stock_moves(taken, actor), now=now)
    # Converting takes from what is reserved: two rows of the ledger, as for any sale.
    stock.convert(levels, _stock_moves(taken, actor), now=now)
    Reservation.objects.bulk_create(_new_reservation(took, ReservationStatus.CONVERTED, now) for took in taken)


def _stock_moves(taken: Sequence[Taken], actor: Actor) -> list[stock.Move]:
    """New ones each time: a move's id is its ledger row's."""
    return [stock.Move(took.level_id, took.units, took.item_id, actor.user_id) for took in taken]


def _new_reservation(took: Taken, status: ReservationStatus, now: datetime) -> Reservation:
    return Reservation(
        id=new_id(),
        item_id=took.item_id,
        level_id=took.level_id,
        quantity=took.units,
        status=status,
        created_at=now,
        updated_at=now,
    )
