"""What the routes of stock accept."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory.ledger.one_level import MAX_REASON
from inventory.models.level import MAX_ON_HAND
from shared.api.serializers import StrictSerializer

_ID = "0198c0de-0000-7000-8000-000000000001"


# What PostgreSQL's integer holds: beyond it the answer would be a 500.
MAX_INTEGER = 2_147_483_647


@extend_schema_serializer(examples=[OpenApiExample("Closed", value={"is_active": False}, request_only=True)])
class StockLocationChangesBody(StrictSerializer):
    name = serializers.CharField(max_length=120)
    priority = serializers.IntegerField(
        min_value=0, max_value=MAX_INTEGER, required=False, help_text="Stock is taken from the lowest first."
    )
    is_active = serializers.BooleanField(required=False)


@extend_schema_serializer(
    examples=[OpenApiExample("The least", value={"seller": _ID, "name": "Attic"}, request_only=True)]
)
class StockLocationBody(StockLocationChangesBody):
    # Of a new one alone: levels, ledger and orders of a location are its seller's for good.
    seller = serializers.UUIDField(source="seller_id")


@extend_schema_serializer(examples=[OpenApiExample("Warn early", value={"low_stock_threshold": 10}, request_only=True)])
class StockLevelChangesBody(StrictSerializer):
    """Units change by adjustments alone."""

    low_stock_threshold = serializers.IntegerField(
        min_value=0,
        max_value=MAX_INTEGER,
        allow_null=True,
        required=False,
        help_text="null: the shop's default.",
    )


@extend_schema_serializer(
    examples=[OpenApiExample("The least", value={"variant": "ESPRESSO-1KG", "on_hand": 40}, request_only=True)]
)
class StockLevelBody(StockLevelChangesBody):
    variant = serializers.CharField(max_length=64, help_text="A variant's id or SKU.")
    seller = serializers.UUIDField(source="seller_id", required=False, help_text="Unset: the default seller.")
    location = serializers.UUIDField(
        source="location_id", required=False, help_text="Unset: the seller's first by priority."
    )
    on_hand = serializers.IntegerField(min_value=0, max_value=MAX_ON_HAND)


@extend_schema_serializer(
    examples=[OpenApiExample("Breakage", value={"quantity": -2, "reason": "Broken in transit"}, request_only=True)]
)
class AdjustmentBody(StrictSerializer):
    # A difference and no new quantity: two clerks who each take two away must not end with one of the two.
    quantity = serializers.IntegerField(
        min_value=-MAX_ON_HAND, max_value=MAX_ON_HAND, help_text="Units to add; negative takes away; not 0."
    )
    reason = serializers.CharField(max_length=MAX_REASON)
