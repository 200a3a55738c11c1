"""What the list of deals can be narrowed by: each filter is answered by an index."""

import django_filters as filters

from crm.api.filtering import CrmFilters
from crm.models.deal import DEALS_BY_WORDS, Deal
from crm.models.pipeline import StageKind
from shared.api.filtering import WordsFilter


class DealFilters(CrmFilters):
    search = WordsFilter(
        DEALS_BY_WORDS,
        "Words of the title and of the customer's name and e-mail address by their beginning, accents and case aside.",
    )
    customer = filters.UUIDFilter(field_name="customer_id")
    pipeline = filters.UUIDFilter(field_name="pipeline_id")
    stage = filters.UUIDFilter(field_name="stage_id")
    status = filters.ChoiceFilter(choices=StageKind.choices)
    owner = filters.UUIDFilter(field_name="owner_id")

    class Meta:
        model = Deal
        fields: list[str] = []
