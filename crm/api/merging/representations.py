"""Duplicates and merges over HTTP: what is answered."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.api.fields import linked_id
from crm.models.customer_merge import CustomerMerge
from crm.models.duplicate_pair import DuplicatePair, PairReason


def _reasons_field() -> serializers.ListField:
    return serializers.ListField(child=serializers.ChoiceField(PairReason.choices), help_text="What speaks for it.")


class DuplicatePairSerializer(serializers.ModelSerializer):
    first = serializers.UUIDField(source="first_id", help_text="The older customer.")
    second = serializers.UUIDField(source="second_id")
    reasons = _reasons_field()
    dismissed_by = linked_id("dismissed_by")

    class Meta:
        model = DuplicatePair
        fields = ["id", "first", "second", "score", "reasons", "state", "found_at", "dismissed_at", "dismissed_by"]
        read_only_fields = fields


class AlikeSerializer(serializers.Serializer):
    customer = serializers.UUIDField()
    name = serializers.CharField()
    score = serializers.IntegerField(help_text="How likely they are the same, in per cent.")
    reasons = _reasons_field()


class MergeSerializer(serializers.ModelSerializer):
    kept = serializers.UUIDField(source="kept_id")
    duplicate = serializers.UUIDField(source="duplicate_id", help_text="A customer that is gone until it is undone.")
    moved = serializers.DictField(child=serializers.IntegerField(), help_text="How many rows moved, by kind.")
    merged_by = linked_id("merged_by")
    undone_by = linked_id("undone_by")

    class Meta:
        model = CustomerMerge
        fields = [
            "id",
            "kept",
            "duplicate",
            "duplicate_name",
            "moved",
            "merged_at",
            "merged_by",
            "undone_at",
            "undone_by",
            "forgotten_at",
        ]
        read_only_fields = fields
        extra_kwargs = {"forgotten_at": {"help_text": "Since when it cannot be undone any more."}}


@extend_schema_field({})
@extend_schema_field({})
class AnyValue(serializers.JSONField):
    """Whatever such a field holds, nothing included."""


class MergeFieldSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="As `take` names it.")
    label = serializers.CharField()  # type: ignore[assignment]
    kept = AnyValue(required=True)
    duplicate = AnyValue(required=True)
    proposed = serializers.ChoiceField(["kept", "duplicate"], help_text="Whose value stays if nobody chooses.")


class MergePreviewSerializer(serializers.Serializer):
    kept = serializers.UUIDField()
    duplicate = serializers.UUIDField()
    kept_updated_at = serializers.DateTimeField()
    duplicate_updated_at = serializers.DateTimeField()
    fields = MergeFieldSerializer(many=True, help_text="Those that differ.")  # type: ignore[assignment]
    moves = serializers.DictField(child=serializers.IntegerField(), help_text="How many rows would move, by kind.")
