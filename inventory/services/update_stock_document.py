"""Change an open document of the warehouse, or its lines."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from inventory.documents.lines import check_places, lock_open_document, write_lines
from inventory.models.document import StockDocument, StockDocumentLine


@transaction.atomic
def update_stock_document(
    *, document_id: UUID, changes: Mapping[str, Any], expected_version: int | None = None
) -> StockDocument:
    """Set `changes` (location_id, target_id, reference). Raises NotFound, StaleVersion, DocumentClosed, or InvalidInput
    for places that such a document does not have. Locks the document."""
    document = lock_open_document(document_id, expected_version=expected_version)
    for name, value in changes.items():
        setattr(document, name, value)
    check_places(document.kind, document.location, document.target)
    document.version += 1
    document.save(update_fields=[*changes, "version", "updated_at"])
    return document


@transaction.atomic
def update_document_lines(
    *,
    document_id: UUID,
    added: Mapping[UUID, int | None],
    changed: Mapping[UUID, int | None],
    deleted: Collection[UUID] = (),
) -> StockDocument:
    """Units by variant of lines that are new, by line of those that change; the lines `deleted` go. No units: still to
    be counted. Raises NotFound, DocumentClosed, InvalidInput for too many lines. Locks the document."""
    document = lock_open_document(document_id)
    lines = StockDocumentLine.objects.filter(document=document)
    lines.filter(pk__in=deleted).delete()
    for line in (rows := list(lines.filter(pk__in=changed.keys()))):
        line.quantity = changed[line.pk]
    StockDocumentLine.objects.bulk_update(rows, ["quantity"])
    write_lines(document, added, adding=True)
    document.version += 1
    document.save(update_fields=["version", "updated_at"])
    return document
