"""Query parameters of the order lists."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.reads.matching import orders_with
from orders.reads.orders import ids_of_whole, sold_by
from orders.states import OrderStatus, PaymentStatus
from shared.planner.lookups import one_of
from shared.planner.word_search import LONGEST_TERM


class WholeOrderFilter(django_filters.UUIDFilter):
    """Rows that hang on the order or, where it is over several sellers, on one of its sub-orders."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if not value:
            return qs
        # By ids and not by a join: the index of the rows by order is read for each, whatever the planner believes.
        return qs.filter(one_of(self.field_name, ids_of_whole(value)))


class OrderFilter(django_filters.FilterSet):
    """Each one alone, or customer + status, or status + a range of time, reads a page from an index (docs/reads.md)."""

    customer = django_filters.UUIDFilter(field_name="customer_id")
    status = django_filters.ChoiceFilter(choices=OrderStatus.choices)
    payment_status = django_filters.ChoiceFilter(choices=PaymentStatus.choices)
    # By a method, as lines join here: a plain filter would give an order as often as it has lines of the seller.
    seller = django_filters.UUIDFilter(
        method="of_seller",
        help_text="Orders with a line of that seller; the other filters then speak of the sub-order.",
    )
    parent = django_filters.UUIDFilter(field_name="parent_id", help_text="The sub-orders of that order.")
    number = django_filters.CharFilter(max_length=32)
    search = django_filters.CharFilter(
        method="with_words",
        max_length=LONGEST_TERM,
        help_text="The number, its beginning or its last digits (≥ 4); or words of the customer's name and e-mail "
        "address by their beginning, accents and case aside, or the last digits of the phone. The newest thousand.",
    )
    created_after = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    # Half open, so that days or hours that follow one another have each order once.
    created_before = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")
    min_total = django_filters.NumberFilter(field_name="total", lookup_expr="gte", max_digits=24, decimal_places=3)

    class Meta:
        model = Order
        fields: list[str] = []

    def with_words(self, queryset: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        # Ids first: number, name and e-mail address have an index each, and no plan joins them by an OR.
        return queryset.filter(one_of("pk", orders_with(value)))

    def of_seller(self, queryset: QuerySet[Order], name: str, value: Any) -> QuerySet[Order]:
        """Orders with at least one item of that seller."""
        return sold_by(queryset, value)


class OrderItemFilter(django_filters.FilterSet):
    order = WholeOrderFilter(field_name="order_id", help_text="With the lines of its sub-orders.")
    seller = django_filters.UUIDFilter(field_name="seller_id")
    variant = django_filters.UUIDFilter(field_name="variant_id")
    status = django_filters.ChoiceFilter(choices=OrderStatus.choices)

    class Meta:
        model = OrderItem
        fields: list[str] = []
