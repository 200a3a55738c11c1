"""By what lists of invoices are narrowed."""

import django_filters
from django.db.models import QuerySet

from orders.models.invoice import Invoice, InvoiceKind
from orders.reads.matching import invoices_with
from shared.planner.word_search import LONGEST_TERM


class InvoiceFilter(django_filters.FilterSet):
    order = django_filters.UUIDFilter(field_name="order_id")
    kind = django_filters.ChoiceFilter(choices=InvoiceKind.choices)
    search = django_filters.CharFilter(
        method="with_words",
        max_length=LONGEST_TERM,
        help_text="Parts of the number, or its last digits (≥ 4); or what finds the order. The newest thousand.",
    )

    class Meta:
        model = Invoice
        fields: list[str] = []

    def with_words(self, queryset: QuerySet[Invoice], name: str, value: str) -> QuerySet[Invoice]:
        # Found beforehand by indexes of their own: one condition over invoices and orders at once has none.
        return queryset.filter(invoices_with(value))
