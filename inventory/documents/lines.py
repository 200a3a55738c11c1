"""What the services of stock documents have in common: the lock, the rules of their places, their lines."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q
from django.db.models.lookups import In
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.barcode import GtinKey, gtin_key, is_gtin, plain_barcode
from catalog.models.variant import Variant
from inventory.models.document import DocumentKind, DocumentStatus, StockDocument, StockDocumentLine
from inventory.models.location import StockLocation
from shared.concurrency.versions import check_row_version
from shared.errors import InvalidInput, NotFound, Refusal
from shared.ids import new_id

MAX_DOCUMENT_LINES = 5_000

# What a variant's line is to say; None: not counted yet.
Quantities = Mapping[UUID, int | None]


class DocumentClosed(Refusal):
    code = "document_closed"
    title = _("The document is applied or cancelled")
    members = {"status_now": str}


def lock_document(document_id: UUID, *, expected_version: int | None = None) -> StockDocument:
    """Lock a document until the transaction ends, before any stock level. Raises NotFound, StaleVersion."""
    # no_key: lines point at the document, and inserting one need not wait for this.
    document = StockDocument.objects.select_for_update(of=("self",), no_key=True).filter(pk=document_id).first()
    if document is None:
        raise NotFound(gettext("There is no such stock document."))
    check_row_version(document, expected_version, gettext("The stock document is at version %(version)s."))
    return document


def lock_open_document(document_id: UUID, *, expected_version: int | None = None) -> StockDocument:
    """As lock_document; raises DocumentClosed for one that is applied or cancelled."""
    document = lock_document(document_id, expected_version=expected_version)
    if document.status != DocumentStatus.OPEN:
        raise DocumentClosed(
            gettext("The document is %(status)s and changes no more.")
            % {"status": str(document.get_status_display()).lower()},
            status_now=document.status,
        )
    return document


def check_places(kind: str, location: StockLocation, target: StockLocation | None) -> None:
    """Raise InvalidInput unless these are places for such a document. Goods of one seller stay its own."""
    if kind != DocumentKind.TRANSFER:
        if target is not None:
            raise InvalidInput(("/target", "not_allowed", gettext("Only a transfer goes to another location.")))
        return
    if target is None:
        raise InvalidInput(("/target", "required", gettext("Say where the goods go.")))
    if target.pk == location.pk:
        raise InvalidInput(("/target", "same_location", gettext("The goods are there already.")))
    # Between sellers goods are sold, not carried: the ledger has no price.
    if target.seller_id != location.seller_id:
        raise InvalidInput(
            ("/target", "wrong_seller", gettext("The location belongs to another seller: goods are not carried there."))
        )


def find_variants(references: Iterable[str]) -> dict[str, UUID]:
    """Variants by id, SKU or barcode; an id wins over a SKU that looks like one, and that over a barcode. Unknown ones
    are missing. One statement."""
    wanted = set(references)
    ids = {reference: key for reference in wanted if (key := _as_uuid(reference)) is not None}
    scanned = {reference: gtin_key(code) for reference in wanted if is_gtin(code := plain_barcode(reference))}
    of_codes = ~Q(barcode="") & Q(In(GtinKey("barcode"), list(scanned.values())))
    rows = Variant.objects.filter(Q(sku__in=wanted) | Q(pk__in=ids.values()) | (of_codes if scanned else Q(pk__in=[])))
    found = list(rows.order_by().values_list("pk", "sku", "barcode"))
    # A SKU may look like an id. Ids that do not exist are dropped here, so that such a SKU is found all the same.
    keys = {pk for pk, _sku, _barcode in found}
    by_sku = {sku: pk for pk, sku, _barcode in found if sku in wanted}
    by_code = {gtin_key(barcode): pk for pk, _sku, barcode in found if barcode}
    by_barcode = {reference: by_code[key] for reference, key in scanned.items() if key in by_code}
    return by_barcode | by_sku | {reference: key for reference, key in ids.items() if key in keys}


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def write_lines(document: StockDocument, quantities: Quantities, *, adding: bool) -> None:
    """Bring the lines of a locked document to `quantities`, or add these to what they say. Raises InvalidInput for
    more than MAX_DOCUMENT_LINES."""
    now = dict(StockDocumentLine.objects.filter(document=document).order_by().values_list("variant_id", "quantity"))
    wanted = (
        {**now, **{pk: _add_quantities(now.get(pk), units) for pk, units in quantities.items()}}
        if adding
        else quantities
    )
    if len(wanted) > MAX_DOCUMENT_LINES:
        raise InvalidInput(
            (
                "/lines",
                "length",
                gettext("A document has at most %(most)s lines.") % {"most": f"{MAX_DOCUMENT_LINES:,}"},
            )
        )
    lines = StockDocumentLine.objects.filter(document=document)
    if gone := now.keys() - wanted.keys():
        lines.filter(variant__in=gone).delete()
    # One statement for 5,000 scanned lines; those that say the same already are left out, their history stays short.
    StockDocumentLine.objects.bulk_create(
        [
            StockDocumentLine(id=new_id(), document=document, variant_id=pk, quantity=units)
            for pk, units in wanted.items()
            if pk not in now or now[pk] != units
        ],
        update_conflicts=True,
        unique_fields=["document", "variant"],
        update_fields=["quantity"],
    )


def _add_quantities(before: int | None, added: int | None) -> int | None:
    return added if before is None else before + (added or 0)
