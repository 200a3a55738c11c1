"""What lists of the catalogue can be narrowed by."""

import django_filters as filters
from django.db.models import QuerySet

from catalog.models.barcode import barcode_is, is_gtin, plain_barcode
from catalog.models.product import PRODUCTS_BY_WORDS
from catalog.models.variant import VARIANTS_BY_WORDS, Variant
from shared.api.filtering import TrueOrFalse, WordsFilter, begins_with


class ProductFilters(filters.FilterSet):
    name = filters.CharFilter(method="by_name", help_text="How the name begins, in upper or lower case.")
    search = WordsFilter(PRODUCTS_BY_WORDS, "Words of the name by their beginning, accents and case aside.")
    slug = filters.CharFilter()
    category = filters.CharFilter(field_name="category__slug", help_text="A category's slug.")
    is_active = TrueOrFalse()

    def by_name(self, rows: QuerySet, _: str, value: str) -> QuerySet:
        return begins_with(rows, "name", value)


class _VariantSearch(WordsFilter):
    """A scanned barcode is meant as it is."""

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if value and is_gtin(plain_barcode(value)):
            scanned = Variant.objects.filter(barcode_is(value)).values_list("pk", flat=True).first()
            if scanned is not None:
                return qs.filter(pk=scanned)
        return super().filter(qs, value)


class VariantFilters(filters.FilterSet):
    search = _VariantSearch(
        VARIANTS_BY_WORDS,
        "Words of SKU, name and the product's name by their beginning, accents and case aside, or a whole barcode.",
    )
    product = filters.UUIDFilter(field_name="product_id")
    sku = filters.CharFilter()
    barcode = filters.CharFilter(method="by_barcode", help_text="A GTIN, with or without zeros before it.")
    currency = filters.CharFilter()
    is_active = TrueOrFalse()

    def by_barcode(self, rows: QuerySet, _: str, value: str) -> QuerySet:
        return rows.filter(barcode_is(value))


class SellerFilters(filters.FilterSet):
    slug = filters.CharFilter()
    is_active = TrueOrFalse()


class CategoryFilters(filters.FilterSet):
    slug = filters.CharFilter()
