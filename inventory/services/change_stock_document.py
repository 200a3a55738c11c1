from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, ngettext

from inventory.documents.lines import MAX_DOCUMENT_LINES, find_variants, lock_open_document, write_lines
from inventory.documents.pasted_lines import choose, read_lines, skus_of
from inventory.models.document import StockDocument
from inventory.services.create_stock_document import RequestedDocumentLine, sum_lines
from shared.errors import InvalidInput

_NAMED = 10


def paste_lines(
    *, document_id: UUID, text: str, replacing: bool = False, expected_version: int | None = None
) -> StockDocument:
    """Add what was typed, scanned or pasted (inventory.documents.pasted_lines) to an open document, or put it in
    place of all it says. A SKU that comes several times counts as often.

    Raises NotFound, StaleVersion, DocumentClosed, or InvalidInput, naming the lines whose SKU is unknown. Locks: the
    document.
    """
    pasted = read_lines(text)
    if not pasted:
        raise InvalidInput(("/text", "required", gettext("Write a SKU in each line, and how many behind it.")))
    # A SKU may come several times, a scanner sends one line a unit: more lines than a document has are all right.
    if len(pasted) > 4 * MAX_DOCUMENT_LINES:
        raise InvalidInput(("/text", "length", gettext("These are too many lines for one document.")))
    # Before the transaction: thousands of lines are read and looked up while nothing is locked.
    chosen, unknown = choose(pasted, find_variants(skus_of(pasted)).keys())
    if unknown:
        some = "; ".join(f"{line.number}: {line.text[:80]}" for line in unknown[:_NAMED])
        text = ngettext(
            "%(count)s line names no SKU of this shop (%(lines)s).",
            "%(count)s lines name no SKU of this shop (%(lines)s).",
            len(unknown),
        )
        raise InvalidInput(("/text", "does_not_exist", text % {"count": len(unknown), "lines": some}))
    with transaction.atomic():
        document = lock_open_document(document_id, expected_version=expected_version)
        # Under the lock: what a line may say depends on the document's kind, and whether it is open on its state.
        quantities = sum_lines(document.kind, [RequestedDocumentLine(sku, units) for sku, units in chosen])
        write_lines(document, quantities, adding=not replacing)
        document.version += 1
        document.save(update_fields=["version", "updated_at"])
    return document
