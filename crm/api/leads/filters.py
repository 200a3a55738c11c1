"""What the list of leads can be narrowed by: each filter is answered by an index."""

import django_filters as filters

from crm.api.filtering import CrmFilters, beginning
from crm.models.lead import LeadStatus


class LeadFilters(CrmFilters):
    status = filters.ChoiceFilter(choices=LeadStatus.choices)
    owner = filters.UUIDFilter(field_name="owner_id")
    name = beginning("How the name begins, in upper or lower case.")
    email = beginning("How the e-mail address begins, in upper or lower case.")
