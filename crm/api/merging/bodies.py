"""Duplicates and merges over HTTP: what is sent."""

from rest_framework import serializers

from crm.api.fields import SOME_ID, example
from shared.api.serializers import StrictSerializer

_OTHER_ID = "0198c0de-0000-7000-8000-000000000002"


@example({"kept": SOME_ID, "duplicate": _OTHER_ID})
class MergePreviewBody(StrictSerializer):
    kept = serializers.UUIDField(source="kept_id")
    duplicate = serializers.UUIDField(source="duplicate_id", help_text="Whose rows move, and who is gone afterwards.")


@example({"kept": SOME_ID, "duplicate": _OTHER_ID, "take": ["phone", "custom_fields.tier"]})
class MergeBody(MergePreviewBody):
    take = serializers.ListField(
        child=serializers.CharField(max_length=60),
        max_length=100,
        required=False,
        help_text="Fields whose value is the duplicate's; unset: those that are empty at the kept customer.",
    )
    kept_updated_at = serializers.DateTimeField(required=False, help_text="As the preview said; changed since: 412.")
    duplicate_updated_at = serializers.DateTimeField(
        required=False, help_text="As the preview said; changed since: 412."
    )
