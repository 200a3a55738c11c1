"""By what lists of payment intents are narrowed."""

import django_filters

from payments.models.payment_intent import PaymentIntent


class PaymentIntentFilter(django_filters.FilterSet):
    # By the column itself: a filter by model would ask for the order first, and answer 400 for one that is not there.
    order = django_filters.UUIDFilter(field_name="order_id")

    class Meta:
        model = PaymentIntent
        fields: list[str] = []
