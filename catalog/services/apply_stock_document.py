"""A delivery is put on the shelves, goods are carried, a count becomes what the books say: all lines at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.document_effects import Balance, Books, Effect, differences, effects_of, faults_of
from catalog.models.stock_document import DocumentKind, DocumentStatus, StockDocument, StockDocumentLine
from catalog.models.stock_level import StockLevel
from catalog.services import stock
from catalog.services.document_sql import name_ledger_rows
from catalog.services.stock_documents import lock_document, lock_open_document
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import Refusal
from shared.ids import new_id
from shared.reasons import kept_reason
from shared.transactions import outermost_transaction, retry_transaction

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
            document = lock_open_document(document_id, expected_version=expected_version)
            _apply(document, actor, now or database_now())
            return document

    document = retry_transaction(work, name="apply_stock_document")
    log.info("stock_document_applied", document=str(document_id), kind=document.kind, actor=actor.label)
    return document


def preview_stock_document(document: StockDocument) -> list[Effect]:
    """What applying would do if it happened now. 3 statements, no locks."""
    lines = list(_lines(document).select_related("variant__product"))
    here = _books(document.location_id, lines)
    there = _books(document.target_id, lines) if document.target_id else {}
    return effects_of(document.kind, lines, here, there)


def _lines(document: StockDocument) -> QuerySet[StockDocumentLine]:
    return StockDocumentLine.objects.filter(document=document).select_related("variant").order_by("id")


def _books(location_id: UUID | None, lines: Iterable[StockDocumentLine]) -> Books:
    levels = StockLevel.objects.filter(location=location_id, variant__in=[line.variant_id for line in lines])
    rows = levels.order_by().values_list("variant_id", "on_hand", "reserved")
    return {variant_id: Balance(on_hand, reserved) for variant_id, on_hand, reserved in rows}


def _apply(document: StockDocument, actor: Actor, now: datetime) -> None:
    lines = list(_lines(document))
    counted = [line for line in lines if line.quantity is not None or document.kind != DocumentKind.STOCKTAKE]
    if not counted:
        raise NothingToApply(gettext("There is nothing in the document to apply."))
    places = [document.location_id, *([document.target_id] if document.target_id else [])]
    ids = [_level_ids(place, counted) for place in places]
    levels = stock.lock(level_id for of_place in ids for level_id in of_place.values())
    books = [{pk: _balance(levels[level_id]) for pk, level_id in of_place.items()} for of_place in ids]
    effects = effects_of(document.kind, counted, books[0], books[-1])
    if faults := faults_of(effects):
        raise DocumentRefused(faults)
    _move(document, effects, levels, ids, actor, now)
    document.status = DocumentStatus.APPLIED
    document.applied_at = now
    document.version += 1
    document.save(update_fields=["status", "applied_at", "version", "updated_at"])


def _level_ids(location_id: UUID, lines: Sequence[StockDocumentLine]) -> dict[UUID, UUID]:
    """The levels of the lines' variants at the location; those that are missing are made, in order."""
    variants = [line.variant_id for line in lines]
    found = StockLevel.objects.filter(location=location_id, variant__in=variants).order_by()
    known = set(found.values_list("variant_id", flat=True))
    missing = sorted(set(variants) - known)
    if missing:
        made = [StockLevel(variant_id=pk, location_id=location_id) for pk in missing]
        StockLevel.objects.bulk_create(made, ignore_conflicts=True)
    return dict(found.values_list("variant_id", "pk"))


def _balance(level: stock.LockedLevel) -> Balance:
    return Balance(level.on_hand, level.reserved)


def _move(
    document: StockDocument,
    effects: Sequence[Effect],
    levels: stock.Levels,
    ids: Sequence[dict[UUID, UUID]],
    actor: Actor,
    now: datetime,
) -> None:
    reason = document.reference or kept_reason(DocumentKind(document.kind).label)
    changing = differences(effects)
    leaving = {effect.line.pk: _step(ids[0], effect.line, effect.change, actor) for effect in changing}
    arriving = {
        effect.line.pk: _step(ids[-1], effect.line, effect.arriving, actor) for effect in changing if effect.arriving
    }
    mover = {
        DocumentKind.RECEIPT.value: stock.receive,
        DocumentKind.TRANSFER.value: stock.transfer,
        DocumentKind.STOCKTAKE.value: stock.count,
    }[document.kind]
    mover(levels, [*leaving.values(), *arriving.values()], reason=reason, now=now)
    name_ledger_rows(
        (
            effect.line.pk,
            effect.before.on_hand if document.kind == DocumentKind.STOCKTAKE else None,
            _id_of(leaving.get(effect.line.pk)),
            _id_of(arriving.get(effect.line.pk)),
        )
        for effect in effects
    )


def _step(ids: dict[UUID, UUID], line: StockDocumentLine, units: int, actor: Actor) -> stock.Move:
    return stock.Move(ids[line.variant_id], units, actor_id=actor.user_id, id=new_id())


def _id_of(move: stock.Move | None) -> UUID | None:
    return move.id if move else None
