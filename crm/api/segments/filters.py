"""What the list of segments can be narrowed by."""

import django_filters as filters

from crm.api.filtering import CrmFilters


class SegmentFilters(CrmFilters):
    name = filters.CharFilter(lookup_expr="iexact", max_length=120)
