"""The timeline over HTTP: what is sent."""

from rest_framework import serializers

from crm.api.fields import SOME_ID, example, text_field
from crm.models.activity import ActivityKind
from shared.api.serializers import StrictSerializer


@example({"customer": SOME_ID, "kind": "call", "subject": "Asked about delivery"})
class ActivityBody(StrictSerializer):
    kind = serializers.ChoiceField(
        [choice for choice in ActivityKind.choices if choice[0] != ActivityKind.CHANGE], required=False
    )
    customer = serializers.UUIDField(source="customer_id", required=False)
    lead = serializers.UUIDField(source="lead_id", required=False)
    deal = serializers.UUIDField(source="deal_id", required=False)
    order = serializers.UUIDField(
        source="order_id", required=False, help_text="Of a comment on an order; its customer need not be named."
    )
    subject = text_field(200)
    text = text_field(10_000)
    happened_at = serializers.DateTimeField(required=False)
