"""Parts of the stock level's list and page."""

from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from unfold.contrib.filters.admin import RadioFilter

from catalog.models.stock_level import StockLevel
from catalog.models.stock_movement import StockMovement

_SHOWN_MOVEMENTS = 15


def is_low(level: StockLevel) -> bool:
    """Whether so few units are available that somebody should order more."""
    threshold = level.low_stock_threshold
    return level.available <= (settings.LOW_STOCK_THRESHOLD if threshold is None else threshold)


def latest_movements(level_id: str) -> QuerySet[StockMovement]:
    """The end of the level's ledger; an inline would read all of it."""
    movements = StockMovement.objects.filter(level=UUID(level_id)).select_related("actor")
    return movements.order_by("-level_version")[:_SHOWN_MOVEMENTS]


class LowStockFilter(RadioFilter):
    title = "availability"
    parameter_name = "availability"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("low", "Low"), ("none", "Sold out")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "none":
            return queryset.filter(on_hand=F("reserved"))
        if self.value() == "low":
            threshold = Coalesce("low_stock_threshold", Value(settings.LOW_STOCK_THRESHOLD))
            return queryset.filter(on_hand__lte=F("reserved") + threshold)
        return queryset
