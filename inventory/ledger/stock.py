"""The only module that locks or changes a stock level.

Use: `levels = lock(ids)` inside a transaction, then one of reserve / release / convert / restock / receive / adjust /
transfer / count with what was locked. Each writes the levels and their ledger rows in one statement. Locks: stock
levels in primary-key order, held until the transaction ends; take them last.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, UUIDField
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from inventory.ledger import stock_sql
from inventory.models.level import MAX_ON_HAND, StockLevel
from inventory.models.movement import EFFECTS, MovementKind
from shared.background.enqueue import enqueue
from shared.errors import InvalidInput, Refusal
from shared.ids import new_id
from shared.planner.compiled_query import CompiledQuery, EqualsAny, Param

FILL_BACKORDERS_JOB = "orders.fill_backorders"


@dataclass(slots=True)
class LockedLevel:
    """A stock level that this transaction holds, kept up to date by what is written here."""

    pk: UUID
    on_hand: int
    reserved: int
    version: int

    @property
    def available(self) -> int:
        """Units that can still be ordered."""
        return self.on_hand - self.reserved


Levels = dict[UUID, LockedLevel]


@dataclass(frozen=True, slots=True)
class Move:
    """`quantity` units of one level, for one order item where there is one, moved by the user `actor_id` (None: the
    system). `id` becomes the ledger row's."""

    level_id: UUID
    quantity: int
    order_item_id: UUID | None = None
    actor_id: UUID | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Shortage:
    level_id: UUID
    requested: int
    available: int


class StockShort(Refusal):
    """Some locked levels hold less than was asked for; `shortages` names every one."""

    code = "insufficient_stock"
    title = _("Not enough stock")

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        super().__init__(gettext("Not enough stock."))
        self.shortages = shortages


class BelowReserved(Refusal):
    """An adjustment would leave fewer units than orders hold."""

    code = "below_reserved"
    title = _("Orders hold more than that would leave")
    members = {"on_hand": int, "reserved": int}


def lock(level_ids: Iterable[UUID]) -> Levels:
    """Lock the levels until the transaction ends, in primary-key order, and read them as they are now.

    A dict, not a queryset: an unevaluated `select_for_update()` locks nothing. FOR NO KEY UPDATE, because the foreign
    keys of reservations and ledger rows take KEY SHARE on the same rows.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Locking stock outside a transaction would hold nothing.")
    # An order may name a level twice; locked once is enough.
    rows = _LOCK.fetch(ids=list(set(level_ids)))
    return {pk: LockedLevel(pk, on_hand, reserved, version) for pk, on_hand, reserved, version in rows}


def _levels_to_lock() -> QuerySet:
    locked = StockLevel.objects.select_for_update(of=("self",), no_key=True)
    chosen = locked.filter(EqualsAny("pk", Param("ids", UUIDField()))).order_by("pk")
    return chosen.values_list("id", "on_hand", "reserved", "version")


_LOCK = CompiledQuery(_levels_to_lock)


def reserve(levels: Levels, moves: Sequence[Move], *, now: datetime | None = None) -> None:
    """Hold units for order items. Raises StockShort, naming every short level, and then changes nothing."""
    # Summed first: two lines that fit one by one may not fit together.
    wanted: dict[UUID, int] = {}
    for move in moves:
        wanted[move.level_id] = wanted.get(move.level_id, 0) + move.quantity
    shortages = [
        Shortage(level_id, quantity, levels[level_id].available)
        for level_id, quantity in wanted.items()
        if levels[level_id].available < quantity
    ]
    if shortages:
        raise StockShort(shortages)
    _write_ledger(levels, moves, MovementKind.RESERVE, now=now)


def release(levels: Levels, moves: Sequence[Move], *, reason: str, now: datetime | None = None) -> None:
    """Give held units back."""
    _write_ledger(levels, moves, MovementKind.RELEASE, reason=reason, now=now)


def convert(levels: Levels, moves: Sequence[Move], *, now: datetime | None = None) -> None:
    """Turn held units into a sale: they leave both `reserved` and `on_hand`."""
    _write_ledger(levels, moves, MovementKind.SALE, now=now)


def restock(levels: Levels, moves: Sequence[Move], *, reason: str, now: datetime | None = None) -> None:
    """Take sold units of order items back in. Raises InvalidInput above MAX_ON_HAND."""
    _check_range(levels, moves)
    _write_ledger(levels, moves, MovementKind.RETURN, reason=reason, now=now)


def receive(levels: Levels, moves: Sequence[Move], *, reason: str, now: datetime | None = None) -> None:
    """Add new units. Raises InvalidInput above MAX_ON_HAND."""
    _check_range(levels, moves)
    _write_ledger(levels, moves, MovementKind.RECEIVE, reason=reason, now=now)


def adjust(levels: Levels, moves: Sequence[Move], *, reason: str, now: datetime | None = None) -> None:
    """Correct `on_hand` up or down. Raises BelowReserved, or InvalidInput outside 0 ... MAX_ON_HAND."""
    _check_range(levels, moves)
    _write_ledger(levels, moves, MovementKind.ADJUST, reason=reason, now=now)


def transfer(levels: Levels, moves: Sequence[Move], *, reason: str, now: datetime | None = None) -> None:
    """Carry units between levels: two moves, -n where they leave and +n where they arrive. Raises as adjust."""
    # A mistake of ours, not of whoever asks: no refusal, so that it is logged as a fault.
    if sum(move.quantity for move in moves) != 0:
        raise ValueError("A transfer neither makes nor loses units.")
    _check_range(levels, moves)
    _write_ledger(levels, moves, MovementKind.TRANSFER, reason=reason, now=now)


def count(levels: Levels, moves: Sequence[Move], *, reason: str, now: datetime | None = None) -> None:
    """Book the differences, up or down, that counting found. Raises as adjust."""
    _check_range(levels, moves)
    _write_ledger(levels, moves, MovementKind.COUNT, reason=reason, now=now)


def _check_range(levels: Levels, moves: Sequence[Move]) -> None:
    """The balance after every single move, also where several change one level."""
    # In the order of the moves: the ledger keeps each balance, and none of them may be out of range, not only the last.
    balances: dict[UUID, int] = {}
    for move in moves:
        level = levels[move.level_id]
        after = balances[level.pk] = balances.get(level.pk, level.on_hand) + move.quantity
        if move.quantity == 0 or not 0 <= after <= MAX_ON_HAND:
            text = gettext(
                "The quantity must not be 0 and must leave 0 to %(most)s on hand; this leaves %(after)s."
            ) % {"most": f"{MAX_ON_HAND:,}", "after": f"{after:,}"}
            raise InvalidInput(("/quantity", "out_of_range", text))
        if after < level.reserved:
            raise BelowReserved(
                ngettext(
                    "%(reserved)s unit is held by orders; %(after)s would be left.",
                    "%(reserved)s units are held by orders; %(after)s would be left.",
                    level.reserved,
                )
                % {"reserved": level.reserved, "after": after},
                on_hand=level.on_hand,
                reserved=level.reserved,
            )


def _write_ledger(
    levels: Levels,
    moves: Sequence[Move],
    kind: MovementKind,
    *,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """One ledger row a move, in order, each with the level's next version and the balances after it.

    Who waits for units that came free is served by a job. It is asked about with the levels locked: whoever begins to
    wait looked at the stock under the same locks.
    """
    if not moves:
        return
    on_hand_effect, reserved_effect = EFFECTS[kind]
    rows: list[dict[str, Any]] = []
    for move in moves:
        level = levels[move.level_id]
        # The locked copy follows what is written, so that a second call in the same transaction starts from it.
        level.on_hand += on_hand_effect * move.quantity
        level.reserved += reserved_effect * move.quantity
        level.version += 1
        rows.append(
            {
                "id": move.id,
                "level_id": level.pk,
                "level_version": level.version,
                "quantity": move.quantity,
                "on_hand_after": level.on_hand,
                "reserved_after": level.reserved,
                "order_item_id": move.order_item_id,
                "actor_id": move.actor_id,
            }
        )
    # Only what raises the available units can serve somebody who waits: a reservation spares itself the look.
    frees = any((on_hand_effect - reserved_effect) * move.quantity > 0 for move in moves)
    # By a job and not here: whoever waits belongs to another order, and orders are never locked after levels.
    if stock_sql.write_movements(rows, kind=kind.value, reason=reason, now=now, frees=frees):
        enqueue(FILL_BACKORDERS_JOB)
