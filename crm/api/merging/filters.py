"""What the lists of duplicates and merges can be narrowed by: each filter is answered by an index."""

import django_filters as filters
from django.db.models import Q, QuerySet

from crm.api.filtering import CrmFilters
from crm.models.duplicate_pair import PairState


class DuplicateFilters(CrmFilters):
    state = filters.ChoiceFilter(choices=PairState.choices)
    customer = filters.UUIDFilter(method="by_either", help_text="One of the two.")

    def by_either(self, rows: QuerySet, _: str, value: object) -> QuerySet:
        return rows.filter(Q(first=value) | Q(second=value))


class MergeFilters(CrmFilters):
    kept = filters.UUIDFilter(field_name="kept_id")
    duplicate = filters.UUIDFilter(field_name="duplicate_id")
