"""By what lists of drafts and quotes are narrowed."""

import django_filters

from orders.models.draft import Draft, DraftKind, DraftStatus


class DraftFilter(django_filters.FilterSet):
    customer = django_filters.UUIDFilter(field_name="customer_id")
    status = django_filters.ChoiceFilter(choices=DraftStatus.choices)
    kind = django_filters.ChoiceFilter(choices=DraftKind.choices)
    number = django_filters.CharFilter(max_length=32)

    class Meta:
        model = Draft
        fields: list[str] = []
