"""By what lists of units that wait for goods are narrowed."""

from typing import ClassVar

import django_filters

from orders.api.orders.filters import WholeOrderFilter
from orders.models.backorder import Backorder, BackorderStatus


class BackorderFilter(django_filters.FilterSet):
    # A split order's backorders hang on its sub-orders' lines; whoever names the order means them.
    order = WholeOrderFilter(field_name="item__order_id")
    item = django_filters.UUIDFilter(field_name="item_id")
    variant = django_filters.UUIDFilter(field_name="variant_id")
    status = django_filters.ChoiceFilter(choices=BackorderStatus.choices)

    class Meta:
        model = Backorder
        fields: ClassVar[list[str]] = []
