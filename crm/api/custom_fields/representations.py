"""The shop's own fields over HTTP: what is answered."""

from rest_framework import serializers

from users.models.custom_field import CustomField


class CustomFieldSerializer(serializers.ModelSerializer):
    choices = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = CustomField
        fields = ["id", "model", "key", "label", "kind", "choices", "is_required", "help_text", "position"]
        read_only_fields = fields
