"""Pictures of products over HTTP: what is taken."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from catalog.models.picture import MAX_PICTURES
from shared.api.serializers import StrictSerializer
from shared.files.pictures import MAX_BYTES


class _PictureFields(StrictSerializer):
    alternative_text = serializers.CharField(
        max_length=250, allow_blank=True, required=False, help_text="What is to be seen, for those who do not see it."
    )
    variant = serializers.UUIDField(
        source="variant_id", required=False, allow_null=True, help_text="Shown for this one alone; null: for all."
    )


class PictureUploadBody(_PictureFields):
    """multipart/form-data."""

    file = serializers.FileField(
        help_text=f"JPEG, PNG, WebP, GIF or AVIF of up to {MAX_BYTES >> 20} MB and 40 million pixels."
    )


@extend_schema_serializer(examples=[OpenApiExample("To the front", value={"position": 0}, request_only=True)])
class PictureBody(_PictureFields):
    position = serializers.IntegerField(
        min_value=0,
        max_value=MAX_PICTURES - 1,
        required=False,
        help_text="From 0; the others make room. The first one stands for the product.",
    )
