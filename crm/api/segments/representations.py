"""Segments over HTTP: what is answered."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.api.fields import linked_id
from crm.models.segment import Segment


@extend_schema_field({"type": "object", "additionalProperties": True})
class RuleValue(serializers.JSONField):
    """A segment's rule."""


class SegmentSerializer(serializers.ModelSerializer):
    owner = linked_id("owner")
    rule = RuleValue(help_text="Conditions joined by `all` and `any`.")

    class Meta:
        model = Segment
        fields = [
            "id",
            "name",
            "description",
            "rule",
            "member_count",
            "refreshed_at",
            "owner",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields
