from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from inventory.documents.lines import MAX_DOCUMENT_LINES, check_places, find_variants, write_lines
from inventory.models.document import DocumentKind, StockDocument
from inventory.models.level import MAX_ON_HAND, StockLevel
from inventory.models.location import StockLocation
from shared.actor import Actor
from shared.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class RequestedDocumentLine:
    """`variant` is an id or a SKU; no quantity in a stocktake: still to be counted."""

    variant: str
    quantity: int | None


def create_stock_document(
    *,
    kind: DocumentKind,
    location_id: UUID,
    target_id: UUID | None = None,
    reference: str = "",
    lines: Sequence[RequestedDocumentLine] = (),
    actor: Actor,
) -> StockDocument:
    """Begin a document; stock changes when it is applied. Lines of one variant are summed.

    Raises InvalidInput, naming every line at fault.
    """
    location = _find_location(location_id, "/location")
    target = _find_location(target_id, "/target") if target_id is not None else None
    check_places(kind, location, target)
    quantities = sum_lines(kind, lines)
    with transaction.atomic():
        document = StockDocument.objects.create(
            kind=kind, location=location, target=target, reference=reference.strip(), actor_id=actor.user_id
        )
        write_lines(document, quantities, adding=False)
    document.refresh_from_db()
    return document


def start_stocktake(*, location_id: UUID, reference: str = "", actor: Actor) -> StockDocument:
    """A count sheet: a document with a line, still to be counted, for every variant that has a level at the location.

    Raises InvalidInput where these are more than a document can have.
    """
    location = _find_location(location_id, "/location")
    variants = StockLevel.objects.filter(location=location).order_by("variant__sku").values_list("variant", flat=True)
    with transaction.atomic():
        document = StockDocument.objects.create(
            kind=DocumentKind.STOCKTAKE, location=location, reference=reference.strip(), actor_id=actor.user_id
        )
        # One more than allowed is read, so that write_lines refuses what is too long without reading all of it.
        write_lines(document, dict.fromkeys(variants[: MAX_DOCUMENT_LINES + 1]), adding=False)
    document.refresh_from_db()
    return document


def sum_lines(kind: str, lines: Sequence[RequestedDocumentLine]) -> dict[UUID, int | None]:
    """Quantities by variant. Raises InvalidInput naming every unknown variant and every quantity that cannot be."""
    known = find_variants(line.variant for line in lines)
    faults: list[tuple[str, str, str]] = []
    sums: dict[UUID, int | None] = {}
    # None of it counted is a result; none received or carried is no line.
    least = 0 if kind == DocumentKind.STOCKTAKE else 1
    for index, line in enumerate(lines):
        variant_id = known.get(line.variant)
        if variant_id is None:
            text = gettext("There is no variant with this id or SKU: %(variant)s.") % {"variant": line.variant}
            faults.append((f"/lines/{index}/variant", "does_not_exist", text))
            continue
        if line.quantity is None:
            # A line without a count does not undo another one that has it.
            sums.setdefault(variant_id, None)
            continue
        sums[variant_id] = (sums.get(variant_id) or 0) + line.quantity
        if not least <= line.quantity <= MAX_ON_HAND:
            text = gettext("The quantity must be %(least)s to %(most)s.")
            said = text % {"least": least, "most": f"{MAX_ON_HAND:,}"}
            faults.append((f"/lines/{index}/quantity", "out_of_range", said))
    if faults:
        raise InvalidInput(*faults)
    # Lines of one variant may sum up to more than a column holds; what a level can have is checked when it is applied.
    return {pk: units if units is None else min(units, MAX_ON_HAND) for pk, units in sums.items()}


def _find_location(location_id: UUID, pointer: str) -> StockLocation:
    location = StockLocation.objects.select_related("seller").filter(pk=location_id).first()
    if location is None:
        raise InvalidInput((pointer, "does_not_exist", gettext("There is no such location.")))
    return location
