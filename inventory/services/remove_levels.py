"""Taking stock levels away with their ledger: of goods that were made up, never of a shop's own."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from inventory.ledger import stock
from inventory.models.backorder_count import BackorderCount
from inventory.models.level import StockLevel
from inventory.models.movement import StockMovement
from shared.database.append_only import rows_may_change
from shared.planner.lookups import one_of


@transaction.atomic
def remove_levels(*, variant_ids: Collection[UUID]) -> list[UUID]:
    """Delete the variants' levels, their ledger rows and their counters of backorders; return the levels' ids.

    Raises ProtectedError or IntegrityError where something else still names one of them: reservations, lines of a stock
    document. Locks: the levels, in primary-key order.
    """
    ids = list(StockLevel.objects.filter(one_of("variant_id", variant_ids)).values_list("pk", flat=True))
    stock.lock(ids)
    with rows_may_change(StockMovement):
        StockMovement.objects.filter(one_of("level_id", ids)).delete()
    StockLevel.objects.filter(one_of("pk", ids)).delete()
    BackorderCount.objects.filter(one_of("variant_id", variant_ids)).delete()
    return ids
