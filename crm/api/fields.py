"""Fields that bodies and representations of the CRM have in common."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from shared.api.serializers import CurrencyCode

SOME_ID = "0198c0de-0000-7000-8000-000000000001"


def example(value: dict[str, Any]) -> Any:
    return extend_schema_serializer(examples=[OpenApiExample("As JSON", value=value, request_only=True)])


def link_field(name: str, **more: Any) -> serializers.UUIDField:
    return serializers.UUIDField(source=f"{name}_id", **{"required": False, "allow_null": True, **more})


def money_field() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=15, decimal_places=3, min_value=0, required=False)


def currency_field() -> CurrencyCode:
    return CurrencyCode(required=False, help_text="ISO 4217; unset: the shop's.")


def text_field(length: int) -> serializers.CharField:
    return serializers.CharField(max_length=length, allow_blank=True, required=False)


def custom_values_field() -> serializers.DictField:
    return serializers.DictField(required=False, help_text="By key; null takes a value away.")


def linked_id(name: str, help_text: str = "") -> serializers.UUIDField:
    """The id of a row that this one points at."""
    return serializers.UUIDField(source=f"{name}_id", allow_null=True, help_text=help_text)
