"""What runs out: looked for among what moved last, because a level gets low only by moving."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from catalog.seller_access import of_sellers_of
from crm.reads.badges import Badge
from inventory.models.level import StockLevel
from inventory.models.movement import StockMovement
from shared.planner.compiled_query import EqualsAny
from shared.planner.lookups import one_of
from users.models.user import User

_LATEST_MOVEMENTS = 2_000


def low_stock(limit: int, *, of: User | None = None) -> Sequence[StockLevel]:
    """Levels to refill, the emptiest first; `of` a colleague: at the sellers whom they reach."""
    moved = set(_levels_moved_lately())
    levels = (
        _levels_below_threshold().filter(one_of("pk", moved)).select_related("variant__product", "location__seller")
    )
    reached = levels if of is None else of_sellers_of(of, levels, "location__seller_id")
    return list(reached.order_by(F("on_hand") - F("reserved"), "id")[:limit])


def count_low_stock() -> int:
    """How many levels are low, for the sidebar."""
    return _BADGE.count()


def _levels_moved_lately() -> QuerySet:
    return StockMovement.objects.order_by("-id").values_list("level_id", flat=True)[:_LATEST_MOVEMENTS]


def _levels_below_threshold() -> QuerySet[StockLevel]:
    threshold = Coalesce("low_stock_threshold", Value(settings.LOW_STOCK_THRESHOLD))
    return StockLevel.objects.filter(on_hand__lte=F("reserved") + threshold)


def _low_of_late() -> QuerySet[StockLevel]:
    return _levels_below_threshold().filter(
        EqualsAny("pk", ArraySubquery(_levels_moved_lately()))
    )  # an array is looked up; a set would be joined


_BADGE = Badge(_low_of_late)
