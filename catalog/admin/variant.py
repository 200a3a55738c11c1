"""What is priced. Its stock is added in inventory/admin/variant/variant.py."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display

from catalog.admin.finding import FoundVariants
from catalog.admin.forms import VariantForm
from catalog.admin.offering import OFFERING_BUTTONS, Offerable
from catalog.models.variant import VARIANTS_BY_WORDS, Variant
from catalog.pictures import picture_of_variant, thumbnail
from catalog.queries import read_as
from catalog.services.create_variant import create_variant
from catalog.services.update_variant import update_variant
from shared.admin.base import Undeletable
from shared.admin.display import money
from shared.admin.saving import ServiceAdmin, Values
from shared.admin.search import first_with_words, only_with_words
from shared.planner.beginnings import begins_upper


def variants_matching(term: str) -> list[UUID]:
    """Their ids, for searching what belongs to them."""
    return first_with_words(Variant.objects.order_by("-id"), VARIANTS_BY_WORDS, term, begins_upper("sku", term))


@admin.register(Variant)
class VariantAdmin(FoundVariants, Offerable, Undeletable, ServiceAdmin):
    """Variants are switched off, never deleted: orders and stock name them."""

    form = VariantForm
    list_display: tuple[str, ...] = ("sku", "picture", "product", "name", "net_price", "is_active")
    more_columns = ("barcode", "tax_rate", "tax_class", "backorder_limit", "created_at", "updated_at")
    list_display_links = ("sku",)
    list_select_related = ("product",)
    list_filter = [("is_active", BooleanRadioFilter)]
    ordering = ("-id",)
    sortable_by = ("sku",)
    search_fields = ("sku",)
    search_help_text = _("Words of a SKU, of the variant's name or of the product's, or a whole barcode.")
    empty_help = _("Variants are added on their product's page: open or add a product first.")
    autocomplete_fields = ("product",)
    actions_detail = OFFERING_BUTTONS
    readonly_fields: ClassVar[tuple[str, ...]] = ("created_at", "updated_at")
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
        (_("Backorders"), {"fields": ("backorder_limit",)}),
        (_("For programs"), {"fields": ("metadata",)}),
        (_("Dates"), {"fields": (("created_at", "updated_at"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        variants: QuerySet = super().get_queryset(request).annotate(picture_id=picture_of_variant())
        return variants

    def create_record(self, request: HttpRequest, values: Values) -> Variant:
        return create_variant(**values)

    def change_record(self, request: HttpRequest, row: Variant, changes: Values) -> Variant:
        return update_variant(variant_id=row.pk, changes=changes)  # type: ignore[arg-type]

    @staticmethod
    def set_offered(variant_id: Any, is_offered: bool) -> None:
        update_variant(variant_id=variant_id, changes={"is_active": is_offered})

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        """A whole SKU or barcode is meant as it is: scanners type them."""
        exact = queryset.filter(read_as(term))
        return (
            exact if exact.exists() else only_with_words(queryset, VARIANTS_BY_WORDS, term, begins_upper("sku", term))
        )

    @display(description=_("picture"))
    def picture(self, variant: Variant) -> SafeString:
        return thumbnail(variant.picture_id)  # type: ignore[attr-defined]

    @display(description=_("net price"))
    def net_price(self, variant: Variant) -> str:
        return money(variant.price, variant.currency)
