"""By what lists of deliveries are narrowed."""

import django_filters

from webhooks.models.delivery import Delivery, DeliveryState


class DeliveryFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=DeliveryState.choices)

    class Meta:
        model = Delivery
        fields: list[str] = []
