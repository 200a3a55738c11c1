"""What the list of tasks can be narrowed by: each filter is answered by an index."""

import django_filters as filters
from django.db.models import QuerySet

from crm.api.filtering import CrmFilters
from shared.api.filtering import TrueOrFalse


class TaskFilters(CrmFilters):
    customer = filters.UUIDFilter(field_name="customer_id")
    deal = filters.UUIDFilter(field_name="deal_id")
    lead = filters.UUIDFilter(field_name="lead_id")
    assignee = filters.UUIDFilter(field_name="assignee_id")
    is_done = TrueOrFalse(method="by_done")
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")

    def by_done(self, rows: QuerySet, _: str, value: bool) -> QuerySet:
        return rows.filter(done_at__isnull=not value)
