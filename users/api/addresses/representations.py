"""Postal addresses as they are shown."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shared.models.address import AddressKind
from shared.values.addresses import MAX_LINES


class AddressSerializer(serializers.Serializer):
    """An address as an order keeps it."""

    name = serializers.CharField(allow_blank=True)
    company = serializers.CharField(allow_blank=True)
    lines = serializers.ListField(child=serializers.CharField(), max_length=MAX_LINES)
    city = serializers.CharField(allow_blank=True)
    region = serializers.CharField(allow_blank=True)
    postal_code = serializers.CharField(allow_blank=True)
    country = serializers.CharField(allow_blank=True, help_text="ISO 3166; empty only of an old text.")
    phone = serializers.CharField(allow_blank=True)


class CustomerAddressSerializer(AddressSerializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(AddressKind.choices)
    is_default = serializers.BooleanField()


@extend_schema_field(CustomerAddressSerializer(many=True))
class CustomerAddresses(serializers.JSONField):
    """The column as it is."""


@extend_schema_field(AddressSerializer)
class OneAddress(serializers.JSONField):
    """The column as it is."""
