"""Postal addresses as they are taken."""

from typing import Any

from rest_framework import serializers

from shared.api.serializers import StrictSerializer
from shared.models.address import MAX_ADDRESSES, AddressKind
from shared.values.addresses import LIMITS, MAX_LINES


def _text(most: int, help_text: str = "") -> serializers.CharField:
    return serializers.CharField(max_length=most, allow_blank=True, required=False, help_text=help_text)


class AddressBody(StrictSerializer):
    """Where something goes. Which fields are required, and what a postal code looks like, depends on the country."""

    name = _text(LIMITS["name"], "Empty: the customer's.")
    company = _text(LIMITS["company"])
    lines = serializers.ListField(
        child=serializers.CharField(max_length=LIMITS["line"], allow_blank=True),
        max_length=MAX_LINES,
        required=False,
        help_text="Street and the like.",
    )
    city = _text(LIMITS["city"])
    region = _text(LIMITS["region"], "State, province …; of a country with fixed ones by name or key.")
    postal_code = _text(LIMITS["postal_code"])
    country = serializers.CharField(max_length=2, allow_blank=True, help_text="ISO 3166, e.g. UA.")
    phone = _text(LIMITS["phone"])


class CustomerAddressBody(AddressBody):
    """One of a customer's addresses."""

    id = serializers.UUIDField(required=False, help_text="Of one that is there: it stays that one.")
    kind = serializers.ChoiceField(AddressKind.choices)
    is_default = serializers.BooleanField(
        required=False, help_text="Orders get it; the first of a kind where none is said to be."
    )

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        return {**values, "id": str(values["id"])} if "id" in values else values


def customer_addresses_body() -> serializers.ListField:
    """All of them, as a PATCH replaces them."""
    return serializers.ListField(
        child=CustomerAddressBody(),
        max_length=MAX_ADDRESSES,
        required=False,
        help_text="All of them: those that are not in the list go. An item with the id of one stays that one.",
    )
