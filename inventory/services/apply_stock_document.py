"""A delivery is put on the shelves, goods are carried, a count becomes what the books say.

A short document at once, a long one in lots: nobody who buys waits for the whole of it
(docs/decisions/stock-documents.md).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory.documents.apply_lines import apply_lines, read_books
from inventory.documents.effects import Effect, effects_of, faults_of
from inventory.documents.lines import lock_document, lock_open_document
from inventory.models.document import DocumentKind, DocumentStatus, StockDocument, StockDocumentLine
from shared.actor import Actor
from shared.clock import database_now
from shared.concurrency.versions import expected_versions
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import Refusal
from shared.ids import new_id

log = structlog.get_logger("kontor.stock")

# As many are held for some 50 ms.
LEVELS_AT_ONCE = 500
_NAMED = 5
_IS_DONE = Q(movement__isnull=False) | Q(expected__isnull=False)


class DocumentRefused(Refusal):
    """The books forbid it; `lines` names every line at fault, with its variant, SKU, code and detail."""

    code = "document_refused"
    title = _("The books do not allow it")
    members = {"lines": [{"line": UUID, "variant": UUID, "sku": str, "code": str, "detail": str}]}

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
    are made. A count's line takes no more away than orders leave, a transfer's no more than is free: then nothing is
    applied. Of more than LEVELS_AT_ONCE levels, each so many are a transaction, and who comes while the document is
    being applied goes on with it; lines that the books forbid only by then are put into an open document of their own,
    its `remainder`.

    Raises NotFound, StaleVersion, DocumentClosed (cancelled), NothingToApply, DocumentRefused, Unavailable. Locks: the
    document, then stock levels in primary-key order. Commits its own transactions.
    """

    def begin(_again: bool) -> StockDocument:
        with outermost_transaction():
            return _begin(document_id, actor, expected_version, now)

    document = retry_transaction(begin, name="apply_stock_document")
    after: UUID | None = None
    while document.status == DocumentStatus.APPLYING:
        document, after = _apply_lot(document_id, after, actor, now)
    log.info("stock_document_applied", document=str(document_id), kind=document.kind, actor=actor.label)
    return document


def preview_stock_document(document: StockDocument) -> list[Effect]:
    """What applying would do if it happened now. 3 statements, no locks."""
    lines = list(_lines_by_id(document).select_related("variant__product"))
    return _likely_effects(document, lines)


def _likely_effects(document: StockDocument, lines: Sequence[StockDocumentLine]) -> list[Effect]:
    here = read_books(document.location_id, lines)
    there = read_books(document.target_id, lines) if document.target_id else {}
    return effects_of(document.kind, lines, here, there)


def _lines_by_id(document: StockDocument) -> QuerySet[StockDocumentLine]:
    return StockDocumentLine.objects.filter(document=document).select_related("variant").order_by("id")


def _begin(document_id: UUID, actor: Actor, expected_version: int | None, now: datetime | None) -> StockDocument:
    """Apply all of a short document; of a long one, look whether the books allow it and say that it is under way."""
    document = lock_document(document_id)
    if document.status == DocumentStatus.APPLYING:
        return document
    is_expected = expected_version is None or document.version - 1 in expected_versions(expected_version)
    if document.status == DocumentStatus.APPLIED and is_expected:
        return document  # by an earlier try, or by the same button pressed twice
    # The row is locked already: this looks at its state and version once more, for the refusals.
    document = lock_open_document(document_id, expected_version=expected_version)
    lines = list(_lines_to_apply(document))
    if not lines:
        raise NothingToApply(gettext("There is nothing in the document to apply."))
    if len(lines) > _lines_at_once(document):
        _refuse_faults(faults_of(_likely_effects(document, lines)))
        _move_on(document, DocumentStatus.APPLYING)
        return document
    now = now or database_now()
    _refuse_faults(apply_lines(document, lines, actor=actor, now=now))
    _move_on(document, DocumentStatus.APPLIED, applied_at=now)
    return document


def _apply_lot(
    document_id: UUID, after: UUID | None, actor: Actor, now: datetime | None
) -> tuple[StockDocument, UUID | None]:
    """Apply the next lines behind that id, or end. Returns the document, and the id of the last line looked at."""

    def work(_again: bool) -> tuple[StockDocument, UUID | None]:
        with outermost_transaction():
            document = lock_document(document_id)
            if document.status != DocumentStatus.APPLYING:  # somebody else has ended it
                return document, after
            waiting = _lines_to_apply(document).exclude(_IS_DONE)
            behind = waiting.filter(pk__gt=after) if after is not None else waiting
            lot = list(behind[: _lines_at_once(document)])
            moment = now or database_now()
            if not lot:
                _set_aside(document, waiting)
                _move_on(document, DocumentStatus.APPLIED, applied_at=moment)
                return document, after
            apply_lines(document, lot, actor=actor, now=moment, leaves_out_faulty=True)
            _move_on(document, DocumentStatus.APPLYING)
            return document, lot[-1].pk

    return retry_transaction(work, name="apply_stock_document")


def _lines_to_apply(document: StockDocument) -> QuerySet[StockDocumentLine]:
    lines = _lines_by_id(document)
    return lines.exclude(quantity=None) if document.kind == DocumentKind.STOCKTAKE else lines


def _lines_at_once(document: StockDocument) -> int:
    return LEVELS_AT_ONCE // 2 if document.target_id else LEVELS_AT_ONCE  # a transfer's line locks two of them


def _refuse_faults(faults: Sequence[Effect]) -> None:
    if faults:
        raise DocumentRefused(faults)


def _set_aside(document: StockDocument, lines: QuerySet[StockDocumentLine]) -> None:
    """Lines that could not be applied any more become an open document, for somebody to look at."""
    keys = list(lines.values_list("pk", flat=True))
    if not keys:
        return
    document.remainder = StockDocument.objects.create(
        id=new_id(),
        kind=document.kind,
        location_id=document.location_id,
        target_id=document.target_id,
        reference=document.reference,
        actor_id=document.actor_id,
    )
    StockDocumentLine.objects.filter(pk__in=keys).update(document=document.remainder)
    log.warning("stock_document_left_lines", document=str(document.pk), remainder=str(document.remainder_id))


def _move_on(document: StockDocument, status: DocumentStatus, *, applied_at: datetime | None = None) -> None:
    document.status = status
    document.applied_at = applied_at
    document.version += 1
    document.save(update_fields=["status", "applied_at", "remainder", "version", "updated_at"])
