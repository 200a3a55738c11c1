"""Payment intents as the API shows them."""

from typing import Any

from rest_framework import serializers

from payments.models.payment_intent import Capture
from payments.states import IntentStatus
from shared.api.serializers import MoneyText, WorkedOut
from shared.api.shapes.shaped import ShapedSerializer


class _Page(WorkedOut):
    """What the provider gave is the address of a page, or a secret for its script in the shop's own page."""

    worked_out_of = ("action_url",)

    @staticmethod
    def compute(values: Any, currency: str) -> str | None:
        (given,) = values
        return given if _is_page(given) else ""


class _Secret(_Page):
    @staticmethod
    def compute(values: Any, currency: str) -> str | None:
        (given,) = values
        return "" if _is_page(given) else given


def _is_page(given: str) -> bool:
    return given.startswith(("http://", "https://"))


class PaymentIntentSerializer(ShapedSerializer):
    """One attempt to pay an order."""

    id = serializers.UUIDField()
    order = serializers.UUIDField(source="order_id")
    provider = serializers.CharField()
    method = serializers.CharField(allow_blank=True)
    provider_id = serializers.CharField(allow_blank=True, help_text="Empty until the provider has answered.")
    amount = MoneyText(help_text="A decimal string in `currency`.")
    currency = serializers.CharField()
    capture = serializers.ChoiceField(Capture.choices)
    status = serializers.ChoiceField(IntentStatus.choices)
    authorised_amount = MoneyText()
    captured_amount = MoneyText(help_text="What came in; each step up is a payment of the order.")
    failure = serializers.CharField(allow_blank=True, help_text="Why the provider refused.")
    action_url = _Page(allow_blank=True, help_text="Where the payer goes on.")
    client_secret = _Secret(allow_blank=True, help_text="For Stripe.js, while the payer must act.")
    version = serializers.IntegerField(help_text="The ETag, without its quotes.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
