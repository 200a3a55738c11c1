"""Leads over HTTP: what is answered."""

from rest_framework import serializers

from crm.api.fields import linked_id
from crm.models.lead import Lead
from users.api.representations import CustomValues


class LeadSerializer(serializers.ModelSerializer):
    email = serializers.CharField(help_text="An address, or empty.")
    owner = linked_id("owner", "The colleague who follows it up.")
    customer = linked_id("customer", "What it became.")
    custom_fields = CustomValues()

    class Meta:
        model = Lead
        fields = [
            "id",
            "name",
            "email",
            "phone",
            "company_name",
            "source",
            "status",
            "owner",
            "note",
            "custom_fields",
            "customer",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class ConvertedLeadSerializer(serializers.Serializer):
    lead = LeadSerializer()
    customer = serializers.UUIDField(source="customer.pk")
    deal = serializers.UUIDField(source="deal.pk", default=None, allow_null=True)
