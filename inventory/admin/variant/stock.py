"""A variant's stock on its page: how it went up and down, and the movements that explain it."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from catalog.seller_access import of_sellers_of, sellers_of
from inventory.admin.variant.chart import Known, StockChart, stock_chart, sums_over_time
from inventory.models.level import StockLevel
from inventory.models.movement import StockMovement
from shared.planner.newest import newest_of_each

# So many levels of a variant are drawn, and so many ledger rows of each, evenly over its versions.
_MOST_LEVELS = 20
_POINTS_OF_LEVEL = 60
_SHOWN_MOVEMENTS = 20


def may_see_stock(request: HttpRequest) -> bool:
    return request.user.has_perm("inventory.view_stocklevel")


class VariantStock:
    """Read when the template asks: 1 statement for levels, 1 for the chart, 3 for movements and their orders."""

    def __init__(self, request: HttpRequest, variant_id: Any) -> None:
        # Of what others have they are told nothing, so nobody says that there is none.
        self.is_of_all_sellers = sellers_of(request.user) is None
        levels = StockLevel.objects.filter(variant=variant_id)
        reached = of_sellers_of(request.user, levels, "location__seller_id")
        # The busiest ones where there are more than can be drawn.
        self._levels = reached.order_by("-version")[:_MOST_LEVELS]

    def first_level(self) -> StockLevel | None:
        """Where the first units may be received; None before the variant has a level."""
        return next(iter(self._levels), None)

    def chart(self) -> StockChart | None:
        """Every row is found by its level and version, so a long ledger costs as much as a short one."""
        # So a variant without levels finds nothing, and not everything.
        wanted = Q(pk=None)
        for level in self._levels:
            wanted |= Q(level=level.pk, level_version__in=_versions_to_draw(level.version))
        rows = StockMovement.objects.filter(wanted).order_by()
        known = [Known(*row) for row in rows.values_list("level_id", "created_at", "on_hand_after", "reserved_after")]
        return stock_chart(sums_over_time(known), until=timezone.now())

    def movements(self) -> list[StockMovement]:
        """The latest of all levels together."""
        keys = newest_of_each(StockMovement, "level", [level.pk for level in self._levels], "level_version DESC")
        rows = StockMovement.objects.filter(pk__in=keys).select_related("actor", "level__location__seller")
        return list(rows.order_by("-created_at", "-level_version")[:_SHOWN_MOVEMENTS])


def _versions_to_draw(last: int) -> list[int]:
    """Up to _POINTS_OF_LEVEL versions from the first to the last, evenly."""
    if last <= _POINTS_OF_LEVEL:
        return list(range(1, last + 1))
    gaps = _POINTS_OF_LEVEL - 1
    return [1 + (last - 1) * step // gaps for step in range(gaps + 1)]
