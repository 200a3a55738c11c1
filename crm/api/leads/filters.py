"""What the list of leads can be narrowed by: each filter is answered by an index."""

import django_filters as filters

from crm.api.filtering import CrmFilters, beginning
from crm.models.lead import LEADS_BY_WORDS, LeadStatus
from shared.api.filtering import WordsFilter


class LeadFilters(CrmFilters):
    search = WordsFilter(
        LEADS_BY_WORDS,
        "Words of name, company and e-mail address by their beginning, accents and case aside; or a phone's last "
        "digits (≥ 4).",
    )
    status = filters.ChoiceFilter(choices=LeadStatus.choices)
    owner = filters.UUIDFilter(field_name="owner_id")
    name = beginning("How the name begins, in upper or lower case.")
    email = beginning("How the e-mail address begins, in upper or lower case.")
