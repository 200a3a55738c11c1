"""What a document's lines do to the stock, within the transaction of whoever applies it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from inventory.documents.effects import Balance, Books, Effect, differences, effects_of, faults_of
from inventory.documents.ledger_names import LineNames, name_ledger_rows
from inventory.ledger import stock
from inventory.ledger.levels import ensure_levels
from inventory.ledger.reasons import DOCUMENT
from inventory.models.document import DocumentKind, StockDocument, StockDocumentLine
from inventory.models.level import StockLevel
from shared.actor import Actor
from shared.ids import new_id


def apply_lines(
    document: StockDocument,
    lines: Sequence[StockDocumentLine],
    *,
    actor: Actor,
    now: datetime,
    leaves_out_faulty: bool = False,
) -> list[Effect]:
    """Do to the stock what these lines of the locked document say; return those that the books forbid. With such,
    nothing is done, unless they are to be left out.

    Levels that are missing are made. Locks: stock levels in primary-key order. What can be written before they are
    locked is (docs/decisions/stock-documents.md).
    """
    places = [document.location_id, *([document.target_id] if document.target_id else [])]
    ids = [ensure_levels(place, [line.variant_id for line in lines]) for place in places]
    names = _Names(document, lines)
    # Read without locks: in most cases they are the same once locked, and then the lines are written before any level
    # is held.
    likely = [read_books(place, lines) for place in places]
    names.write(effect for effect in effects_of(document.kind, lines, likely[0], likely[-1]) if effect.fault is None)
    # Both places by one call: a transfer back at the same moment locks the same levels, in the same order.
    levels = stock.lock(level_id for of_place in ids for level_id in of_place.values())
    books = [{pk: _balance_of_level(levels[level_id]) for pk, level_id in of_place.items()} for of_place in ids]
    effects = effects_of(document.kind, lines, books[0], books[-1])
    faults = faults_of(effects)
    if faults and not leaves_out_faulty:
        return faults
    # Only lines whose books moved between the two reads.
    names.write(effect for effect in effects if effect.fault is None)
    names.clear(faults)
    _move_stock(document, [effect for effect in effects if effect.fault is None], levels, ids, names, actor, now)
    return faults


def read_books(location_id: UUID | None, lines: Iterable[StockDocumentLine]) -> Books:
    """What the books say of the lines' variants at the location. One statement, no locks."""
    levels = StockLevel.objects.filter(location=location_id, variant__in=[line.variant_id for line in lines])
    rows = levels.order_by().values_list("variant_id", "on_hand", "reserved")
    return {variant_id: Balance(on_hand, reserved) for variant_id, on_hand, reserved in rows}


def _balance_of_level(level: stock.LockedLevel) -> Balance:
    return Balance(level.on_hand, level.reserved)


def _move_stock(
    document: StockDocument,
    effects: Sequence[Effect],
    levels: stock.Levels,
    ids: Sequence[dict[UUID, UUID]],
    names: "_Names",
    actor: Actor,
    now: datetime,
) -> None:
    reason = document.reference or DOCUMENT[DocumentKind(document.kind)]()
    changing = differences(effects)

    def move(level_ids: dict[UUID, UUID], effect: Effect, units: int, name: UUID) -> stock.Move:
        return stock.Move(level_ids[effect.line.variant_id], units, actor_id=actor.user_id, id=name)

    leaving = [move(ids[0], effect, effect.change, names.movements[effect.line.pk]) for effect in changing]
    arriving = [
        move(ids[-1], effect, effect.arriving, names.arrivals[effect.line.pk]) for effect in changing if effect.arriving
    ]
    mover = {
        DocumentKind.RECEIPT.value: stock.receive,
        DocumentKind.TRANSFER.value: stock.transfer,
        DocumentKind.STOCKTAKE.value: stock.count,
    }[document.kind]
    mover(levels, [*leaving, *arriving], reason=reason, now=now)


class _Names:
    """The ids of the ledger rows to come, on the document's lines. The foreign keys are checked at the commit, so the
    lines can be written first; what the books say otherwise once they are locked is written again."""

    def __init__(self, document: StockDocument, lines: Sequence[StockDocumentLine]) -> None:
        self.movements = {line.pk: new_id() for line in lines}
        self.arrivals = {line.pk: new_id() for line in lines} if document.target_id else {}
        self._is_count = document.kind == DocumentKind.STOCKTAKE
        self._written: dict[UUID, LineNames] = {}

    def write(self, effects: Iterable[Effect]) -> None:
        """Of those lines that do not say so yet. One statement, or none."""
        named = {effect.line.pk: self._names_of_effect(effect) for effect in effects}
        if new := [names for pk, names in named.items() if self._written.get(pk) != names]:
            name_ledger_rows(new)
        self._written |= named

    def clear(self, faults: Iterable[Effect]) -> None:
        """Of those lines that said something of ledger rows which will not come."""
        gone = [effect.line.pk for effect in faults if effect.line.pk in self._written]
        if gone:
            name_ledger_rows([(pk, None, None, None) for pk in gone])

    def _names_of_effect(self, effect: Effect) -> LineNames:
        pk = effect.line.pk
        return (
            pk,
            effect.before.on_hand if self._is_count else None,
            self.movements[pk] if effect.change else None,
            self.arrivals[pk] if effect.arriving else None,
        )
