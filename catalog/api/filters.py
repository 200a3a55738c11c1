"""What lists of the catalogue can be narrowed by."""

import django_filters as filters
from django.db.models import QuerySet

from catalog.models.stock_document import DocumentKind, DocumentStatus
from shared.api.filtering import TrueOrFalse, begins_with


class ProductFilters(filters.FilterSet):
    name = filters.CharFilter(method="by_name", help_text="How the name begins, in upper or lower case.")
    slug = filters.CharFilter()
    category = filters.CharFilter(field_name="category__slug", help_text="A category's slug.")
    is_active = TrueOrFalse()

    def by_name(self, rows: QuerySet, _: str, value: str) -> QuerySet:
        return begins_with(rows, "name", value)


class VariantFilters(filters.FilterSet):
    product = filters.UUIDFilter(field_name="product_id")
    sku = filters.CharFilter()
    currency = filters.CharFilter()
    is_active = TrueOrFalse()


class SellerFilters(filters.FilterSet):
    slug = filters.CharFilter()
    is_active = TrueOrFalse()


class CategoryFilters(filters.FilterSet):
    slug = filters.CharFilter()


class StockLevelFilters(filters.FilterSet):
    variant = filters.UUIDFilter(field_name="variant_id")
    sku = filters.CharFilter(field_name="variant__sku")
    seller = filters.UUIDFilter(field_name="location__seller_id")
    location = filters.UUIDFilter(field_name="location_id")


class StockLocationFilters(filters.FilterSet):
    seller = filters.UUIDFilter(field_name="seller_id")
    is_active = TrueOrFalse()


class StockDocumentFilters(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=DocumentKind.choices)
    status = filters.ChoiceFilter(choices=DocumentStatus.choices)
    location = filters.UUIDFilter(field_name="location_id")
