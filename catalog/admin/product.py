"""Products with their variants."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display

from catalog.admin.forms import SlugForm, VariantForm
from catalog.admin.offering import OFFERING_BUTTONS, Offerable
from catalog.admin.pictures import PictureInline
from catalog.models.barcode import barcode_is
from catalog.models.product import PRODUCTS_BY_WORDS, Product
from catalog.models.variant import Variant
from catalog.pictures import picture_of_product, thumbnail
from catalog.services.create_product import create_product
from catalog.services.create_variant import create_variant
from catalog.services.pictures.add_picture import take
from catalog.services.update_product import update_product
from catalog.services.update_variant import update_variant
from shared.admin.base import Undeletable
from shared.admin.display import NOTHING, money
from shared.admin.filters import RelatedFilter
from shared.admin.paged import ROWS_PER_PAGE, PagedFormSet
from shared.admin.saving import ServiceAdmin, ServiceRows, Values
from shared.admin.search import only_with_words
from shared.files.pictures import Taken
from shared.files.uploads import TakesPictures
from shared.planner.beginnings import begins
from shared.planner.lookups import filter_by_keys


class VariantInline(ServiceRows, StackedInline):
    """A page of them at a time: a product may have thousands."""

    model = Variant
    form = VariantForm
    formset = PagedFormSet
    per_page = ROWS_PER_PAGE
    fields = (("sku", "name"), "barcode", ("price", "currency"), ("tax_rate", "tax_class"), "is_active")
    extra = 0
    can_delete = False
    show_change_link = True
    ordering = ("id",)

    def create_row(self, request: HttpRequest, record: Product, values: Values) -> Variant:
        return create_variant(product_id=record.pk, **values)

    def change_row(self, request: HttpRequest, row: Variant, changes: Values) -> Variant:
        return update_variant(variant_id=row.pk, changes=changes)  # type: ignore[arg-type]


@admin.register(Product)
class ProductAdmin(TakesPictures, Offerable, Undeletable, ServiceAdmin):
    """Products are switched off, never deleted: orders keep what they bought."""

    form = SlugForm
    picture_fields = r"pictures-\d+-file"
    list_display = ("name", "picture", "category", "variant_count", "price_range", "is_active", "updated_at")
    more_columns = ("slug", "created_at")
    list_display_links = ("name",)
    list_select_related = ("category",)
    list_filter = [("category", RelatedFilter), ("is_active", BooleanRadioFilter)]
    ordering = ("-id",)
    search_fields = ("name",)
    search_help_text = _("Words of a product's name, or a whole SKU or barcode.")
    empty_help = _("Add a product with at least one variant, then receive stock for it to sell.")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("category",)
    inlines = [PictureInline, VariantInline]
    actions_detail: tuple[str, ...] = OFFERING_BUTTONS
    fieldsets = (
        (None, {"fields": (("name", "slug"), "category", "description", "is_active")}),
        (_("For programs"), {"fields": ("metadata",)}),
    )

    def take_sent(self, data: bytes) -> Taken:
        return take(data)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The list sums variants up; a product's page reads those that it shows."""
        products: QuerySet = super().get_queryset(request)
        is_list = request.resolver_match is None or "object_id" not in request.resolver_match.kwargs
        return products.prefetch_related("variants").annotate(picture_id=picture_of_product()) if is_list else products

    def values_of(self, request: HttpRequest, form: Any, change: bool) -> Values:
        """The services know categories by their slugs."""
        values = super().values_of(request, form, change)
        if "category_id" in values:
            del values["category_id"]
            values["category"] = form.instance.category.slug if form.instance.category else None
        return values

    def create_record(self, request: HttpRequest, values: Values) -> Product:
        return create_product(**values)

    def change_record(self, request: HttpRequest, row: Product, changes: Values) -> Product:
        return update_product(product_id=row.pk, changes=changes)  # type: ignore[arg-type]

    @staticmethod
    def set_offered(product_id: Any, is_offered: bool) -> None:
        update_product(product_id=product_id, changes={"is_active": is_offered})

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        named = only_with_words(queryset, PRODUCTS_BY_WORDS, term, begins("name", term))
        of_sku = Variant.objects.filter(Q(sku=term) | barcode_is(term)).values_list("product_id", flat=True)[:1]
        return filter_by_keys(queryset, "pk", list(of_sku)) if of_sku else named

    @display(description=_("picture"))
    def picture(self, product: Product) -> SafeString:
        return thumbnail(product.picture_id)  # type: ignore[attr-defined]

    @display(description=_("variants"))
    def variant_count(self, product: Product) -> int:
        return len(product.variants.all())

    @display(description=_("net price"))
    def price_range(self, product: Product) -> str:
        prices = sorted((v.currency, v.price) for v in product.variants.all())
        if not prices:
            return NOTHING
        (currency, lowest), (last_currency, highest) = prices[0], prices[-1]
        if (currency, lowest) == (last_currency, highest):
            return money(lowest, currency)
        return f"{money(lowest, currency)} to {money(highest, last_currency)}"
