"""What the timeline can be narrowed by: each filter is answered by an index."""

import django_filters as filters

from crm.api.filtering import CrmFilters
from crm.models.activity import ActivityKind


class ActivityFilters(CrmFilters):
    customer = filters.UUIDFilter(field_name="customer_id")
    lead = filters.UUIDFilter(field_name="lead_id")
    deal = filters.UUIDFilter(field_name="deal_id")
    order = filters.UUIDFilter(field_name="order_id")
    kind = filters.ChoiceFilter(
        choices=ActivityKind.choices, help_text="Together with a customer, lead, deal or order."
    )
