from uuid import UUID

from django.db import transaction

from inventory.documents.lines import lock_document, lock_open_document
from inventory.models.document import DocumentStatus, StockDocument


def cancel_stock_document(*, document_id: UUID, expected_version: int | None = None) -> StockDocument:
    """Close an open document without applying it; a cancelled one is returned as it is.

    Raises NotFound, StaleVersion, or DocumentClosed for an applied one. Locks the document.
    """
    # One row and no money: a conflict is answered to whoever pressed the button, and nothing has to be tried again.
    with transaction.atomic():
        document = lock_document(document_id, expected_version=expected_version)
        if document.status != DocumentStatus.CANCELLED:
            document = lock_open_document(document_id)
            document.status = DocumentStatus.CANCELLED
            document.version += 1
            document.save(update_fields=["status", "version", "updated_at"])
    return document
