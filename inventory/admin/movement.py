"""The stock ledger, to read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.admin.variant import variants_matching
from catalog.seller_access import of_sellers_of
from inventory.models.level import StockLevel
from inventory.models.movement import MovementKind, StockMovement
from shared.admin.base import ReadOnlyAdmin
from shared.admin.filters import OwnerFilter
from shared.admin.newest import only_newest
from shared.admin.search import at_most
from shared.planner.lookups import one_of

_KIND_COLOURS = {
    MovementKind.RECEIVE.value: "success",
    MovementKind.ADJUST.value: "warning",
    MovementKind.RESERVE.value: "info",
    MovementKind.RELEASE.value: "default",
    MovementKind.SALE.value: "primary",
}
_MAX_LEVELS = 200


class LevelFilter(OwnerFilter):
    # The index of one level's ledger; ids of several processes are not in the order of writing.
    order = ("-level_version",)


@admin.register(StockMovement)
class StockMovementAdmin(ReadOnlyAdmin):
    """Append-only: a mistake is mended by another movement."""

    list_display = (
        "created_at",
        "sku",
        "location",
        "kind_label",
        "quantity",
        "on_hand_after",
        "reserved_after",
        "why",
        "actor",
    )
    list_select_related = ("level__variant", "level__location__seller", "actor")
    list_filter = [("level", LevelFilter)]
    ordering = ("-id",)
    search_fields = ("level",)
    search_help_text = _("The beginning of a SKU.")
    fields = (
        "level",
        "level_version",
        "kind",
        "quantity",
        "on_hand_after",
        "reserved_after",
        "order_item_id",
        "actor",
        "why",
        "created_at",
    )
    readonly_fields = ("why",)
    empty_help = _("Every change of stock appears here: receive some on a stock level's page.")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return of_sellers_of(request.user, super().get_queryset(request), "level__location__seller_id")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        # Bounded twice: a beginning of a SKU may mean a thousand variants, each at several locations.
        variants = variants_matching(term)[: at_most(_MAX_LEVELS)]
        levels = StockLevel.objects.filter(one_of("variant", variants)).values_list("pk", flat=True)[:_MAX_LEVELS]
        where = None if queryset.query.where else "TRUE"  # a filter chooses among all of theirs
        return only_newest(queryset, "level", list(levels), "level_version DESC", where)

    @display(description=_("SKU"))
    def sku(self, movement: StockMovement) -> str:
        return movement.level.variant.sku

    @display(description=_("location"))
    def location(self, movement: StockMovement) -> str:
        return str(movement.level.location)

    @display(description=_("kind"), label=_KIND_COLOURS)
    def kind_label(self, movement: StockMovement) -> tuple[str, str]:
        return movement.kind, movement.get_kind_display()

    @display(description=_("reason"))
    def why(self, movement: StockMovement) -> str:
        return movement.shown_reason
