"""What is priced and stocked."""

from typing import Any

from django.contrib import admin
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display

from catalog.admin.forms import VariantForm
from catalog.admin.offering import OFFERING_BUTTONS, Offerable
from catalog.admin.variant_stock import VariantStock
from catalog.models.backorder_count import BackorderCount
from catalog.models.product import Product
from catalog.models.stock_level import StockLevel
from catalog.models.variant import Variant
from catalog.services.update_variant import update_variant
from shared.admin.base import KontorAdmin, ReadOnlyInline, Undeletable
from shared.admin.display import money, number, object_link
from shared.admin.search import MAX_MATCHES, first_matches
from shared.beginnings import begins, begins_upper
from shared.lookups import found_by, one_of

# A product search in front of variants looks at this many products at most.
_MAX_PRODUCTS = 200


class StockLevelInline(ReadOnlyInline):
    model = StockLevel
    fields = ("location", "on_hand", "reserved", "available", "open_level")
    readonly_fields = fields
    verbose_name_plural = _("stock, changed on its own page")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("location__seller")

    @display(description=_("available"))
    def available(self, level: StockLevel) -> str:
        return number(level.available)

    @display(description="")
    def open_level(self, level: StockLevel) -> str:
        return object_link(level, gettext("Open"))


@admin.register(Variant)
class VariantAdmin(Offerable, Undeletable, KontorAdmin):
    """Variants are switched off, never deleted: orders and stock name them."""

    form = VariantForm
    list_display = ("sku", "product", "name", "net_price", "available_units", "is_active")
    list_select_related = ("product",)
    list_filter = [("is_active", BooleanRadioFilter)]
    ordering = ("-id",)
    sortable_by = ("sku",)
    search_fields = ("sku",)
    search_help_text = _("The beginning of a SKU or of a product's name.")
    empty_help = _("Variants are added on their product's page: open or add a product first.")
    autocomplete_fields = ("product",)
    inlines = [StockLevelInline]
    actions_detail = OFFERING_BUTTONS
    change_form_outer_after_template = "admin/kontor/variant_stock.html"
    readonly_fields = ("waiting_units", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("product", ("sku", "name"), ("price", "currency", "tax_rate"), "is_active")}),
        (_("Backorders"), {"fields": (("backorder_limit", "waiting_units"),)}),
        (_("Dates"), {"fields": (("created_at", "updated_at"),)}),
    )

    @staticmethod
    def set_offered(variant_id: Any, is_offered: bool) -> None:
        update_variant(variant_id=variant_id, changes={"is_active": is_offered})

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        levels = StockLevel.objects.filter(
            variant=OuterRef("pk"), location__is_active=True, location__seller__is_active=True
        )
        free = levels.order_by().values("variant").annotate(free=Sum(F("on_hand") - F("reserved"))).values("free")
        counted = Coalesce(Subquery(free, output_field=BigIntegerField()), 0)
        variants: QuerySet = super().get_queryset(request).select_related("product", "backorder_count")
        with_stock: QuerySet = variants.annotate(free=counted)
        return with_stock

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        products = first_matches(Product.objects.all(), begins("name", term), limit=_MAX_PRODUCTS)
        theirs = queryset.filter(one_of("product", products)).order_by().values_list("pk", flat=True)[:MAX_MATCHES]
        return found_by(queryset, "pk", [*first_matches(queryset, begins_upper("sku", term)), *theirs])

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        stock = lambda: VariantStock(request, object_id)  # noqa: E731 - read only if the template gets that far
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "stock": stock})

    @display(description=_("waiting for goods"))
    def waiting_units(self, variant: Variant) -> str:
        count: BackorderCount | None = getattr(variant, "backorder_count", None)
        return number(count.waiting if count else 0)

    @display(description=_("net price"))
    def net_price(self, variant: Variant) -> str:
        return money(variant.price, variant.currency)

    @display(description=_("available"))
    def available_units(self, variant: Variant) -> str:
        return f"{variant.free:,}"  # type: ignore[attr-defined]
