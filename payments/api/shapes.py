"""Payment intents as JSON-ready dicts, the same shape declared for OpenAPI, and the filters of their list."""

from typing import Any

import django_filters
from rest_framework import serializers

from payments.models.payment_intent import Capture, PaymentIntent
from payments.states import IntentStatus
from shared.money.amounts import format_money
from shared.text.times import iso_time


def represent_intent(intent: PaymentIntent) -> dict[str, Any]:
    is_page = intent.action_url.startswith(("http://", "https://"))
    return {
        "id": str(intent.pk),
        "order": str(intent.order_id),
        "provider": intent.provider,
        "method": intent.method,
        "provider_id": intent.provider_id,
        "amount": format_money(intent.amount, intent.currency),
        "currency": intent.currency,
        "capture": intent.capture,
        "status": intent.status,
        "authorised_amount": format_money(intent.authorised_amount, intent.currency),
        "captured_amount": format_money(intent.captured_amount, intent.currency),
        "failure": intent.failure,
        "action_url": intent.action_url if is_page else "",
        "client_secret": "" if is_page else intent.action_url,
        "version": intent.version,
        "created_at": iso_time(intent.created_at),
        "updated_at": iso_time(intent.updated_at),
    }


class PaymentIntentSerializer(serializers.Serializer):
    """One attempt to pay an order."""

    id = serializers.UUIDField()
    order = serializers.UUIDField()
    provider = serializers.CharField()
    method = serializers.CharField(allow_blank=True)
    provider_id = serializers.CharField(allow_blank=True, help_text="Empty until the provider has answered.")
    amount = serializers.CharField(help_text="A decimal string in `currency`.")
    currency = serializers.CharField()
    capture = serializers.ChoiceField(Capture.choices)
    status = serializers.ChoiceField(IntentStatus.choices)
    authorised_amount = serializers.CharField()
    captured_amount = serializers.CharField(help_text="What came in; each step up is a payment of the order.")
    failure = serializers.CharField(allow_blank=True, help_text="Why the provider refused.")
    action_url = serializers.CharField(allow_blank=True, help_text="Where the payer goes on.")
    client_secret = serializers.CharField(allow_blank=True, help_text="For Stripe.js, while the payer must act.")
    version = serializers.IntegerField(help_text="The ETag, without its quotes.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return represent_intent(instance)


class PaymentIntentFilter(django_filters.FilterSet):
    order = django_filters.UUIDFilter(field_name="order_id")

    class Meta:
        model = PaymentIntent
        fields: list[str] = []
