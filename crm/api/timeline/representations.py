"""The timeline over HTTP: what is answered."""

from rest_framework import serializers

from crm.api.fields import linked_id
from crm.models.activity import Activity


class ActivitySerializer(serializers.ModelSerializer):
    customer = linked_id("customer")
    lead = linked_id("lead")
    deal = linked_id("deal")
    order = linked_id("order", "The order that it is a comment on.")
    author = linked_id("author", "Who wrote it; empty: the system.")

    class Meta:
        model = Activity
        fields = ["id", "kind", "customer", "lead", "deal", "order", "author", "subject", "text", "happened_at"]
        read_only_fields = fields
