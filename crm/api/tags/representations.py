"""Tags over HTTP: what is answered."""

from rest_framework import serializers

from users.models.tag import Tag


class TagSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tag
        fields = ["id", "name"]
        read_only_fields = fields
