"""What the CRM's lists can be narrowed by: each filter is answered by an index."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from crm.models.activity import ActivityKind
from crm.models.deal import Deal
from crm.models.duplicate_pair import PairState
from crm.models.lead import LeadStatus
from crm.models.pipeline import StageKind
from shared.api.filtering import TrueOrFalse, begins_with
from users.models.consent import ConsentPurpose
from users.models.custom_field import CustomFieldOwner


class _Filters(filters.FilterSet):
    def by_beginning(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return begins_with(rows, name, value)


def _beginning(help_text: str) -> Any:
    return filters.CharFilter(method="by_beginning", help_text=help_text, max_length=200)


class LeadFilters(_Filters):
    status = filters.ChoiceFilter(choices=LeadStatus.choices)
    owner = filters.UUIDFilter(field_name="owner_id")
    name = _beginning("How the name begins, in upper or lower case.")
    email = _beginning("How the e-mail address begins, in upper or lower case.")


class DealFilters(_Filters):
    customer = filters.UUIDFilter(field_name="customer_id")
    pipeline = filters.UUIDFilter(field_name="pipeline_id")
    stage = filters.UUIDFilter(field_name="stage_id")
    status = filters.ChoiceFilter(choices=StageKind.choices)
    owner = filters.UUIDFilter(field_name="owner_id")

    class Meta:
        model = Deal
        fields: list[str] = []


class ActivityFilters(_Filters):
    customer = filters.UUIDFilter(field_name="customer_id")
    lead = filters.UUIDFilter(field_name="lead_id")
    deal = filters.UUIDFilter(field_name="deal_id")
    kind = filters.ChoiceFilter(choices=ActivityKind.choices, help_text="BatchQueue with a customer, lead or deal.")


class TaskFilters(_Filters):
    customer = filters.UUIDFilter(field_name="customer_id")
    deal = filters.UUIDFilter(field_name="deal_id")
    lead = filters.UUIDFilter(field_name="lead_id")
    assignee = filters.UUIDFilter(field_name="assignee_id")
    is_done = TrueOrFalse(method="by_done")
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")

    def by_done(self, rows: QuerySet, _: str, value: bool) -> QuerySet:
        return rows.filter(done_at__isnull=not value)


class TagFilters(_Filters):
    name = filters.CharFilter(lookup_expr="iexact", max_length=60)


class SegmentFilters(_Filters):
    name = filters.CharFilter(lookup_expr="iexact", max_length=120)


class ConsentFilters(_Filters):
    customer = filters.UUIDFilter(field_name="customer_id")
    purpose = filters.ChoiceFilter(choices=ConsentPurpose.choices, help_text="BatchQueue with a customer.")


class CustomFieldFilters(_Filters):
    model = filters.ChoiceFilter(choices=CustomFieldOwner.choices)


class DuplicateFilters(_Filters):
    state = filters.ChoiceFilter(choices=PairState.choices)
    customer = filters.UUIDFilter(method="by_either", help_text="One of the two.")

    def by_either(self, rows: QuerySet, _: str, value: object) -> QuerySet:
        return rows.filter(Q(first=value) | Q(second=value))


class MergeFilters(_Filters):
    kept = filters.UUIDFilter(field_name="kept_id")
    duplicate = filters.UUIDFilter(field_name="duplicate_id")
