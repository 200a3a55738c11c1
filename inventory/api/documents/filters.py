"""What lists of stock documents can be narrowed by."""

import django_filters as filters

from inventory.models.document import DocumentKind, DocumentStatus


class StockDocumentFilters(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=DocumentKind.choices)
    status = filters.ChoiceFilter(choices=DocumentStatus.choices)
    location = filters.UUIDFilter(field_name="location_id")
