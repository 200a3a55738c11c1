"""Consents over HTTP: what is answered."""

from rest_framework import serializers

from crm.api.fields import linked_id
from users.models.consent import Consent


class ConsentSerializer(serializers.ModelSerializer):
    customer = serializers.UUIDField(source="customer_id")
    recorded_by = linked_id("recorded_by")

    class Meta:
        model = Consent
        fields = ["id", "customer", "purpose", "is_given", "source", "recorded_at", "recorded_by"]
        read_only_fields = fields
