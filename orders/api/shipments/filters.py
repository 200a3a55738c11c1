"""By what lists of shipments are narrowed."""

import django_filters

from orders.api.orders.filters import WholeOrderFilter
from orders.models.shipment import Shipment
from orders.states import ShipmentStatus


class ShipmentFilter(django_filters.FilterSet):
    order = WholeOrderFilter(field_name="order_id")
    status = django_filters.ChoiceFilter(choices=ShipmentStatus.choices)

    class Meta:
        model = Shipment
        fields: list[str] = []
