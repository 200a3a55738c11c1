"""What the routes of price lists and taxes accept."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from catalog.models.tax import TaxClass
from shared.api.serializers import CurrencyCode, StrictSerializer

MAX_PRICES = 5_000


class PriceBody(StrictSerializer):
    variant = serializers.UUIDField(source="variant_id")
    min_quantity = serializers.IntegerField(min_value=1, max_value=1_000_000, default=1)
    amount = serializers.DecimalField(max_digits=15, decimal_places=3, min_value=0, help_text="Of one unit.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A quantity break",
            value={
                "name": "Wholesale",
                "currency": "USD",
                "prices": [{"variant": "019a5a3e-7c7e-7000-8000-000000000001", "min_quantity": 10, "amount": "8.50"}],
            },
            request_only=True,
        )
    ]
)
class PriceListBody(StrictSerializer):
    name = serializers.CharField(max_length=120)
    currency = CurrencyCode()
    customer_group = serializers.UUIDField(source="customer_group_id", allow_null=True, required=False)
    valid_from = serializers.DateTimeField(allow_null=True, required=False)
    valid_until = serializers.DateTimeField(allow_null=True, required=False, help_text="Not valid at or after it.")
    is_active = serializers.BooleanField(required=False)
    prices = serializers.ListField(
        child=PriceBody(), required=False, max_length=MAX_PRICES, help_text="They replace all there are."
    )


class TaxRateBody(StrictSerializer):
    tax_class = serializers.ChoiceField(TaxClass.choices, default=TaxClass.STANDARD)
    name = serializers.CharField(max_length=80)
    rate = serializers.DecimalField(max_digits=5, decimal_places=4, min_value=0, max_value=1, help_text="0.19 is 19 %.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Germany",
            value={
                "country": "DE",
                "name": "Germany",
                "prices_include_tax": True,
                "rates": [{"tax_class": "standard", "name": "MwSt. 19 %", "rate": "0.19"}],
            },
            request_only=True,
        )
    ]
)
class TaxRegionBody(StrictSerializer):
    country = serializers.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166.")
    name = serializers.CharField(max_length=120)
    prices_include_tax = serializers.BooleanField(required=False)
    rates = serializers.ListField(
        child=TaxRateBody(), required=False, max_length=3, help_text="They replace all there are."
    )
