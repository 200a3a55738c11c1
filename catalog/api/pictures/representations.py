"""Pictures of products over HTTP: what is shown."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.models.picture import SIZES, Picture
from catalog.pictures import urls_of

_URLS = {
    "type": "object",
    "required": [size for size, _pixels in SIZES],
    "properties": {
        size: {"type": "string", "format": "uri-reference", "description": f"Up to {pixels} pixels a side, WebP."}
        for size, pixels in SIZES
    },
}


class PictureSerializer(serializers.ModelSerializer):
    variant = serializers.UUIDField(source="variant_id", allow_null=True)
    urls = serializers.SerializerMethodField()

    class Meta:
        model = Picture
        fields = ["id", "variant", "position", "alternative_text", "width", "height", "urls"]
        read_only_fields = fields

    @extend_schema_field(_URLS)
    def get_urls(self, picture: Picture) -> dict[str, str]:
        return urls_of(picture.pk)
