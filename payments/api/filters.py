"""By what lists of payment intents are narrowed."""

import django_filters

from payments.models.payment_intent import PaymentIntent


class PaymentIntentFilter(django_filters.FilterSet):
    order = django_filters.UUIDFilter(field_name="order_id")

    class Meta:
        model = PaymentIntent
        fields: list[str] = []
