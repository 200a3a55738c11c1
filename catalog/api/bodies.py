"""What the catalogue takes over HTTP."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from catalog.models.tax import TaxClass
from shared.api.serializers import Code, CurrencyCode, MetadataChanges, StrictSerializer

_ID = "0198c0de-0000-7000-8000-000000000001"


@extend_schema_serializer(examples=[OpenApiExample("A category", value={"name": "Coffee"}, request_only=True)])
class CategoryBody(StrictSerializer):
    name = serializers.CharField(max_length=120)
    slug = serializers.SlugField(max_length=140, required=False, help_text="Made from the name when left out.")


@extend_schema_serializer(
    examples=[OpenApiExample("A seller", value={"name": "North Warehouse Ltd"}, request_only=True)]
)
class SellerBody(StrictSerializer):
    name = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=220, required=False, help_text="Made from the name when left out.")
    is_active = serializers.BooleanField(required=False)
    priority = serializers.IntegerField(
        min_value=0, max_value=2_147_483_647, required=False, help_text="Lowest is asked first."
    )


class _VariantFields(StrictSerializer):
    sku = Code(max_length=64)
    name = serializers.CharField(max_length=200, allow_blank=True, required=False)
    price = serializers.DecimalField(
        max_digits=15,
        decimal_places=3,
        min_value=0,
        help_text="Net price of a unit: below 10^12, whole minor units of `currency`.",
    )
    currency = CurrencyCode(required=False, help_text="ISO 4217; unset: the shop's.")
    tax_rate = serializers.DecimalField(
        max_digits=5, decimal_places=4, min_value=0, max_value=1, required=False, help_text="0.2 is 20 %."
    )
    tax_class = serializers.ChoiceField(
        TaxClass.choices,
        required=False,
        help_text="Which rate of a tax region counts; tax_rate counts where there is no region.",
    )
    is_active = serializers.BooleanField(required=False)
    backorder_limit = serializers.IntegerField(
        min_value=0,
        max_value=2_147_483_647,
        required=False,
        help_text="So many units may be ordered although they are not in stock yet.",
    )
    barcode = serializers.CharField(
        max_length=40,
        allow_blank=True,
        required=False,
        help_text="GTIN (EAN, UPC, ISBN) of 8, 12, 13 or 14 digits; unique in the shop.",
    )
    metadata = MetadataChanges(required=False)


@extend_schema_serializer(
    examples=[
        OpenApiExample("The least", value={"product": _ID, "sku": "ESPRESSO-1KG", "price": "24.90"}, request_only=True)
    ]
)
class VariantBody(_VariantFields):
    product = serializers.UUIDField(source="product_id")


@extend_schema_serializer(examples=[OpenApiExample("A new price", value={"price": "26.50"}, request_only=True)])
class VariantChangesBody(_VariantFields):
    """A variant stays with its product."""


@extend_schema_serializer(
    examples=[
        OpenApiExample("The least", value={"name": "Espresso"}, request_only=True),
        OpenApiExample(
            "All of it",
            value={
                "name": "Espresso",
                "slug": "espresso",
                "description": "Dark roast.",
                "category": "coffee",
                "is_active": True,
            },
            request_only=True,
        ),
    ]
)
class ProductBody(StrictSerializer):
    name = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=220, required=False, help_text="Made from the name when left out.")
    description = serializers.CharField(max_length=20_000, allow_blank=True, required=False)
    category = serializers.CharField(max_length=140, allow_null=True, required=False, help_text="A category's slug.")
    is_active = serializers.BooleanField(required=False)
    metadata = MetadataChanges(required=False)
