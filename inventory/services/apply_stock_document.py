"""A delivery is put on the shelves, goods are carried, a count becomes what the books say: all lines at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory.documents.effects import Balance, Books, Effect, differences, effects_of, faults_of
from inventory.documents.ledger_names import LineNames, name_ledger_rows
from inventory.documents.lines import lock_document, lock_open_document
from inventory.ledger import stock
from inventory.ledger.reasons import DOCUMENT
from inventory.models.document import DocumentKind, DocumentStatus, StockDocument, StockDocumentLine
from inventory.models.level import StockLevel
from shared.actor import Actor
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import Refusal
from shared.ids import new_id

log = structlog.get_logger("kontor.stock")

_NAMED = 5


class DocumentRefused(Refusal):
    """The books forbid it; `lines` names every line at fault, with its variant, SKU, code and detail."""

    code = "document_refused"
    title = _("The books do not allow it")

    def __init__(self, faults: Sequence[Effect]) -> None:
        lines = [
            {
                "line": str(effect.line.pk),
                "variant": str(effect.line.variant_id),
                "sku": effect.line.variant.sku,
                "code": effect.fault[0],
                "detail": effect.fault[1],
            }
            for effect in faults
            if effect.fault is not None
        ]
        some = " ".join(f"{line['sku']}: {line['detail']}" for line in lines[:_NAMED])
        more = gettext("And %(count)s more.") % {"count": len(lines) - _NAMED} if len(lines) > _NAMED else ""
        super().__init__(f"{some} {more}".strip(), lines=lines)


class NothingToApply(Refusal):
    code = "nothing_to_apply"
    title = _("The document has no lines")


def apply_stock_document(
    *, document_id: UUID, actor: Actor, expected_version: int | None = None, now: datetime | None = None
) -> StockDocument:
    """Do to the stock what the document says, by what the books say then; an applied one is returned as it is.

    A ledger row a line, where it changes something, with the document's reference as reason; levels that are missing
    are made. A count's line takes no more away than orders leave, a transfer's no more than is free. Raises NotFound,
    StaleVersion, DocumentClosed (cancelled), NothingToApply, DocumentRefused, Unavailable. Locks: the document, then
    every stock level in primary-key order. Commits its own transaction.
    """

    def work(_again: bool) -> StockDocument:
        with outermost_transaction():
            document = lock_document(document_id)
            if document.status == DocumentStatus.APPLIED and expected_version in (None, document.version - 1):
                return document  # by an earlier try, or by the same button pressed twice
            # The row is locked already: this looks at its state and version once more, for the refusals.
            document = lock_open_document(document_id, expected_version=expected_version)
            _apply_document(document, actor, now or database_now())
            return document

    document = retry_transaction(work, name="apply_stock_document")
    log.info("stock_document_applied", document=str(document_id), kind=document.kind, actor=actor.label)
    return document


def preview_stock_document(document: StockDocument) -> list[Effect]:
    """What applying would do if it happened now. 3 statements, no locks."""
    lines = list(_lines_by_id(document).select_related("variant__product"))
    here = _read_books(document.location_id, lines)
    there = _read_books(document.target_id, lines) if document.target_id else {}
    return effects_of(document.kind, lines, here, there)


def _lines_by_id(document: StockDocument) -> QuerySet[StockDocumentLine]:
    return StockDocumentLine.objects.filter(document=document).select_related("variant").order_by("id")


def _read_books(location_id: UUID | None, lines: Iterable[StockDocumentLine]) -> Books:
    levels = StockLevel.objects.filter(location=location_id, variant__in=[line.variant_id for line in lines])
    rows = levels.order_by().values_list("variant_id", "on_hand", "reserved")
    return {variant_id: Balance(on_hand, reserved) for variant_id, on_hand, reserved in rows}


def _apply_document(document: StockDocument, actor: Actor, now: datetime) -> None:
    """What can be written before the stock is locked is: docs/decisions/stock-documents.md."""
    lines = list(_lines_by_id(document))
    counted = [line for line in lines if line.quantity is not None or document.kind != DocumentKind.STOCKTAKE]
    if not counted:
        raise NothingToApply(gettext("There is nothing in the document to apply."))
    places = [document.location_id, *([document.target_id] if document.target_id else [])]
    ids = [_level_ids(place, counted) for place in places]
    names = _Names(document, counted)
    # Read without locks: in most cases they are the same once locked, and then thousands of lines are written before
    # any level is held.
    likely = [_read_books(place, counted) for place in places]
    names.write(effects_of(document.kind, counted, likely[0], likely[-1]))
    # Both places by one call: a transfer back at the same moment locks the same levels, in the same order.
    levels = stock.lock(level_id for of_place in ids for level_id in of_place.values())
    books = [{pk: _balance_of_level(levels[level_id]) for pk, level_id in of_place.items()} for of_place in ids]
    effects = effects_of(document.kind, counted, books[0], books[-1])
    if faults := faults_of(effects):
        raise DocumentRefused(faults)
    # Only lines whose books moved between the two reads.
    names.write(effects)
    _move_stock(document, effects, levels, ids, names, actor, now)
    document.status = DocumentStatus.APPLIED
    document.applied_at = now
    document.version += 1
    document.save(update_fields=["status", "applied_at", "version", "updated_at"])


def _level_ids(location_id: UUID, lines: Sequence[StockDocumentLine]) -> dict[UUID, UUID]:
    """The levels of the lines' variants at the location; those that are missing are made, in order."""
    variants = [line.variant_id for line in lines]
    found = StockLevel.objects.filter(location=location_id, variant__in=variants).order_by()
    known = set(found.values_list("variant_id", flat=True))
    # In order, so that two documents that make the same levels wait for each other one way round.
    missing = sorted(set(variants) - known)
    if missing:
        made = [StockLevel(variant_id=pk, location_id=location_id) for pk in missing]
        # Another document may make them at this moment: theirs is as good as ours.
        StockLevel.objects.bulk_create(made, ignore_conflicts=True)
    return dict(found.values_list("variant_id", "pk"))


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

    def _names_of_effect(self, effect: Effect) -> LineNames:
        pk = effect.line.pk
        return (
            pk,
            effect.before.on_hand if self._is_count else None,
            self.movements[pk] if effect.change else None,
            self.arrivals[pk] if effect.arriving else None,
        )
