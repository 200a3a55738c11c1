from datetime import timedelta

import structlog

from inventory.models.document import DocumentKind, DocumentStatus, StockDocument
from inventory.services.apply_stock_document import apply_stock_document
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.errors import Refusal

log = structlog.get_logger("kontor.stock")

# A lot takes a part of a second, and each says that the document goes on.
_SILENT = timedelta(minutes=1)


def resume_stock_documents() -> int:
    """Go on with documents whose process ended while they were being applied; return how many are applied now."""
    silent = StockDocument.objects.filter(
        kind__in=DocumentKind.values, status=DocumentStatus.APPLYING, updated_at__lt=database_now() - _SILENT
    )
    done = 0
    for pk in list(silent.order_by().values_list("pk", flat=True)):
        try:
            apply_stock_document(document_id=pk, actor=SYSTEM)
        except Refusal as refusal:  # the next one goes on all the same, and this one in a minute
            log.warning("stock_document_waits", document=str(pk), detail=refusal.detail)
        else:
            done += 1
    return done
