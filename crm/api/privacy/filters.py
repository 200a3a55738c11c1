"""What the list of consents can be narrowed by."""

import django_filters as filters

from crm.api.filtering import CrmFilters
from users.models.consent import ConsentPurpose


class ConsentFilters(CrmFilters):
    customer = filters.UUIDFilter(field_name="customer_id")
    purpose = filters.ChoiceFilter(choices=ConsentPurpose.choices, help_text="Together with a customer.")
