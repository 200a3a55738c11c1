"""Query parameters of the lists of refunds and returns."""

import django_filters

from orders.api.orders.filters import WholeOrderFilter
from orders.models.order_return import Return
from orders.models.refund import Refund, RefundCause
from orders.states import RefundStatus, ReturnStatus


class RefundFilter(django_filters.FilterSet):
    order = WholeOrderFilter(field_name="order_id")
    # By the column: no look at the payment, and no 400 for one that is not there.
    payment = django_filters.UUIDFilter(field_name="payment_id")
    status = django_filters.ChoiceFilter(choices=RefundStatus.choices)
    cause = django_filters.ChoiceFilter(choices=RefundCause.choices)

    class Meta:
        model = Refund
        fields: list[str] = []


class ReturnFilter(django_filters.FilterSet):
    order = WholeOrderFilter(field_name="order_id")
    status = django_filters.ChoiceFilter(choices=ReturnStatus.choices)
    number = django_filters.CharFilter(max_length=40)

    class Meta:
        model = Return
        fields: list[str] = []
