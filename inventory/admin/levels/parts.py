"""Parts of the stock level's list and page."""

from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter

from inventory.models.level import StockLevel
from inventory.models.movement import StockMovement
from shared.admin.paginator import MAX_COUNTED
from shared.admin.search import at_most
from shared.planner.lookups import one_of

_SHOWN_MOVEMENTS = 15


def is_low(level: StockLevel) -> bool:
    """Whether so few units are available that somebody should order more."""
    # 0 is a threshold, too: only what was never set falls back on the shop's.
    threshold = level.low_stock_threshold
    return level.available <= (settings.LOW_STOCK_THRESHOLD if threshold is None else threshold)


def latest_movements(level_id: str) -> QuerySet[StockMovement]:
    """The end of the level's ledger; an inline would read all of it."""
    movements = StockMovement.objects.filter(level=UUID(level_id)).select_related("actor")
    return movements.order_by("-level_version")[:_SHOWN_MOVEMENTS]


_AVAILABILITY = {
    # The same rule as `is_low`, for the database.
    "low": Q(on_hand__lte=F("reserved") + Coalesce("low_stock_threshold", Value(settings.LOW_STOCK_THRESHOLD))),
    "none": Q(on_hand=F("reserved")),
}


class LowStockFilter(RadioFilter):
    """Reads the table of levels once, in the order it lies in, until it has found as many as a list counts.

    No index helps: one that knows quantities would be written again with every order, and cost the till what it saves
    here.
    """

    title = _("availability")
    parameter_name = "availability"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("low", gettext("Low")), ("none", gettext("Sold out"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in _AVAILABILITY:
            return queryset
        # Without joins and order, which would have all matching levels read before the first is shown.
        few = queryset.select_related(None).filter(_AVAILABILITY[self.value()]).order_by()
        return queryset.filter(one_of("pk", few.values_list("pk", flat=True)[: at_most(MAX_COUNTED + 1)]))
