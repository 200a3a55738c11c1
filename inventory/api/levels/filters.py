"""What lists of locations and stock levels can be narrowed by."""

import django_filters as filters

from shared.api.filtering import TrueOrFalse


class StockLevelFilters(filters.FilterSet):
    variant = filters.UUIDFilter(field_name="variant_id")
    # The whole SKU, by its unique index: searching by parts is the catalogue's.
    sku = filters.CharFilter(field_name="variant__sku")
    seller = filters.UUIDFilter(field_name="location__seller_id")
    location = filters.UUIDFilter(field_name="location_id")


class StockLocationFilters(filters.FilterSet):
    seller = filters.UUIDFilter(field_name="seller_id")
    is_active = TrueOrFalse()
