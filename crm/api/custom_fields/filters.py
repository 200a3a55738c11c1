"""What the list of the shop's own fields can be narrowed by."""

import django_filters as filters

from crm.api.filtering import CrmFilters
from users.models.custom_field import CustomFieldOwner


class CustomFieldFilters(CrmFilters):
    model = filters.ChoiceFilter(choices=CustomFieldOwner.choices)
