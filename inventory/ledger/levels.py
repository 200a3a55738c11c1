"""The levels of variants at one location."""

from collections.abc import Iterable
from uuid import UUID

from inventory.models.level import StockLevel


def ensure_levels(location_id: UUID, variants: Iterable[UUID]) -> dict[UUID, UUID]:
    """Of each variant its level there, by id; those that are missing are made, in order. Locks none that are there."""
    wanted = set(variants)
    found = StockLevel.objects.filter(location=location_id, variant__in=wanted).order_by()
    # In order, so that two that make the same levels wait for each other one way round.
    missing = sorted(wanted - set(found.values_list("variant_id", flat=True)))
    if missing:
        made = [StockLevel(variant_id=pk, location_id=location_id) for pk in missing]
        # Somebody else may make them at this moment: theirs are as good as ours.
        StockLevel.objects.bulk_create(made, ignore_conflicts=True)
    return dict(found.values_list("variant_id", "pk"))
