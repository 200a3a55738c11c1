"""Stock levels: quantities change by services alone, through pages that ask for a reason and confirm."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from catalog.admin.variant import variants_matching
from catalog.seller_access import of_sellers_of
from inventory.admin.levels.pages import add_level_page, adjust_page, receive_page
from inventory.admin.levels.parts import LowStockFilter, is_low, latest_movements
from inventory.ledger import stock
from inventory.models.level import StockLevel
from inventory.services.set_low_stock_threshold import set_low_stock_threshold
from shared.admin.base import Undeletable
from shared.admin.display import number, object_link
from shared.admin.filters import RelatedFilter
from shared.admin.form_page import FormPage, answer
from shared.admin.saving import ServiceAdmin, Values
from shared.planner.lookups import one_of


@admin.register(StockLevel)
class StockLevelAdmin(Undeletable, ServiceAdmin):
    list_display = (
        "sku",
        "product",
        "location",
        "on_hand",
        "reserved",
        "available_units",
        "low_stock_threshold",
    )
    more_columns = ("updated_at",)
    list_select_related = ("variant__product", "location__seller")
    list_filter = [("location", RelatedFilter), LowStockFilter]  # the last chooses among the others
    linked_filters = ("variant__id__exact",)  # from a product's page
    # Quantities change with every order, so no index has them in order and no column sorts by them.
    ordering = ("-id",)
    search_fields = ("variant",)
    search_help_text = _("The beginning of a SKU.")
    empty_help = _("A level is a variant at a location. Add one to have something to sell.")
    # Quantities are no fields of the form: each change is a row of the ledger with a reason, which these pages ask for.
    actions_detail = ("receive_stock", "adjust_stock")
    change_form_outer_after_template = "admin/kontor/level_movements.html"
    readonly_fields = (
        "variant_link",
        "location",
        "on_hand",
        "reserved",
        "available",
        "version",
        "updated_at",
    )
    fieldsets = (
        (None, {"fields": (("variant_link", "location"), ("on_hand", "reserved", "available"))}),
        (_("Settings"), {"fields": ("low_stock_threshold",)}),
        (_("Ledger"), {"fields": (("version", "updated_at"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        levels = super().get_queryset(request).select_related("variant__product", "location__seller")
        return of_sellers_of(request.user, levels, "location__seller_id")

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        # By a few variants' keys: levels are found by them, however many there are.
        return queryset.filter(one_of("variant", variants_matching(term)))

    @display(description=_("SKU"))
    def sku(self, level: StockLevel) -> str:
        return level.variant.sku

    @display(description=_("product"))
    def product(self, level: StockLevel) -> str:
        return f"{level.variant.product.name} {level.variant.name}".strip()

    @display(description=_("variant"))
    def variant_link(self, level: StockLevel) -> str:
        return object_link(level.variant)

    @display(description=_("available"))
    def available(self, level: StockLevel) -> str:
        return number(level.available)

    @display(description=_("available"), label={"low": "danger", "ok": "success"})
    def available_units(self, level: StockLevel) -> tuple[str, str]:
        return ("low" if is_low(level) else "ok", number(level.available))

    def lock_record(self, key: Any) -> None:
        # As placing locks a level: a plain FOR UPDATE would also keep reservations and ledger rows from naming it.
        stock.lock([key])

    def change_record(self, request: HttpRequest, row: StockLevel, changes: Values) -> object:
        return set_low_stock_threshold(level_id=row.pk, threshold=changes["low_stock_threshold"])

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        movements = lambda: latest_movements(object_id)  # noqa: E731 - read only if the template gets that far
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "movements": movements})

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # The page is not Django's own add view, which would ask.
        if not self.has_add_permission(request):
            raise PermissionDenied
        return answer(self, request, add_level_page(self, request))

    @action(description=_("Adjust stock"), icon="tune", permissions=["inventory.adjust_stock"])
    def adjust_stock(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, adjust_page)

    @action(description=_("Receive stock"), icon="add_box", permissions=["inventory.adjust_stock"])
    def receive_stock(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer_page(request, object_id, receive_page)

    def _answer_page(
        self, request: HttpRequest, object_id: str, make_page: Callable[[HttpRequest, StockLevel], FormPage]
    ) -> HttpResponse:
        level = self.find(request, object_id)
        return answer(self, request, make_page(request, level))
