"""A variant's page and list, with its stock."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.admin.variant import VariantAdmin
from catalog.models.variant import Variant
from catalog.pictures import urls_of
from catalog.seller_access import of_sellers_of, sellers_of
from inventory.admin.variant.stock import VariantStock, may_see_stock
from inventory.models.backorder_count import BackorderCount
from inventory.models.level import StockLevel
from shared.admin.base import ReadOnlyInline
from shared.admin.display import money, number, object_link

# As with sellers: the catalogue's page, with what only this app knows.
admin.site.unregister(Variant)


class StockLevelInline(ReadOnlyInline):
    model = StockLevel
    fields = ("location", "on_hand", "reserved", "available", "open_level")
    readonly_fields = fields
    verbose_name_plural = _("stock, changed on its own page")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        levels = super().get_queryset(request).select_related("location__seller")
        return of_sellers_of(request.user, levels, "location__seller_id")

    @display(description=_("available"))
    def available(self, level: StockLevel) -> str:
        return number(level.available)

    @display(description="")
    def open_level(self, level: StockLevel) -> str:
        return object_link(level, gettext("Open"))


@admin.register(Variant)
class VariantWithStockAdmin(VariantAdmin):
    list_display: tuple[str, ...] = ("sku", "picture", "product", "name", "net_price", "available_units", "is_active")
    inlines = [StockLevelInline]
    change_form_outer_after_template = "admin/kontor/variant_stock.html"
    readonly_fields: ClassVar[tuple[str, ...]] = ("waiting_units", *VariantAdmin.readonly_fields)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "product",
                    ("sku", "name"),
                    "barcode",
                    ("price", "currency"),
                    ("tax_rate", "tax_class"),
                    "is_active",
                )
            },
        ),
        (_("Backorders"), {"fields": (("backorder_limit", "waiting_units"),)}),
        (_("For programs"), {"fields": ("metadata",)}),
        (_("Dates"), {"fields": (("created_at", "updated_at"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        levels = StockLevel.objects.filter(
            # What a buyer could get: goods at a closed location are there and not for sale.
            variant=OuterRef("pk"),
            location__is_active=True,
            location__seller__is_active=True,
        )
        # A seller's people count their own, as in the list of levels that stands beside it.
        reached = of_sellers_of(request.user, levels, "location__seller_id")
        free = reached.order_by().values("variant").annotate(free=Sum(F("on_hand") - F("reserved"))).values("free")
        # A subquery for the few rows of a page; a join would group all variants first.
        counted = Coalesce(Subquery(free, output_field=BigIntegerField()), 0)
        variants: QuerySet = super().get_queryset(request).select_related("product", "backorder_count")
        with_stock: QuerySet = variants.annotate(free=counted)
        return with_stock

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        # Read only if the template gets that far.
        stock = lambda: VariantStock(request, object_id) if may_see_stock(request) else None  # noqa: E731
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "stock": stock})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What waits is counted for all sellers together: a seller's people are shown the limit alone."""
        fieldsets = super().get_fieldsets(request, obj)
        if sellers_of(request.user) is None:
            return fieldsets
        return [(name, {**options, "fields": _without_waiting(options["fields"])}) for name, options in fieldsets]

    def choice_extras(self, row: Any) -> dict[str, object]:
        return {"picture": urls_of(row.picture_id)["small"] if row.picture_id else "", "is_none": row.free <= 0}

    def choice_label(self, row: Any) -> str:
        """Product and variant, SKU, price and what can be sold of it: “Apron, M · APR-M · 29.90 USD · 10 available”.
        The queryset brought all of it."""
        named = ", ".join(filter(None, (row.product.name, row.name)))
        available = gettext("%(units)s available") % {"units": number(row.free)}
        return " · ".join((named, row.sku, money(row.price, row.currency), available))

    @display(description=_("waiting for goods"))
    def waiting_units(self, variant: Variant) -> str:
        # A variant that never had a backorder has no count.
        count: BackorderCount | None = getattr(variant, "backorder_count", None)
        return number(count.waiting if count else 0)

    @display(description=_("available"))
    def available_units(self, variant: Variant) -> str:
        return f"{variant.free:,}"  # type: ignore[attr-defined]


def _without_waiting(fields: Any) -> Any:
    return [tuple(name for name in row if name != "waiting_units") if isinstance(row, tuple) else row for row in fields]
