"""What the list of tags can be narrowed by."""

import django_filters as filters

from crm.api.filtering import CrmFilters


class TagFilters(CrmFilters):
    name = filters.CharFilter(lookup_expr="iexact", max_length=60)
