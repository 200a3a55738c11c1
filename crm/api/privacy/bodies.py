"""Consents over HTTP: what is sent."""

from rest_framework import serializers

from crm.api.fields import SOME_ID, example
from shared.api.serializers import StrictSerializer
from users.models.consent import ConsentPurpose


@example({"customer": SOME_ID, "purpose": "marketing_email", "is_given": True, "source": "web form"})
class ConsentBody(StrictSerializer):
    customer = serializers.UUIDField(source="customer_id")
    purpose = serializers.ChoiceField(ConsentPurpose.choices)
    is_given = serializers.BooleanField()
    source = serializers.CharField(max_length=120)  # type: ignore[assignment]
