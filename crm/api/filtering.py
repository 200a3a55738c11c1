"""What filters of the CRM have in common."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from shared.api.filtering import begins_with


class CrmFilters(filters.FilterSet):
    def by_beginning(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return begins_with(rows, name, value)


def beginning(help_text: str) -> Any:
    return filters.CharFilter(method="by_beginning", help_text=help_text, max_length=200)
