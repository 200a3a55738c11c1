"""Shapes of stock over HTTP."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory.ledger.one_level import MAX_REASON
from inventory.models.level import MAX_ON_HAND, StockLevel
from inventory.models.location import StockLocation
from inventory.models.movement import StockMovement
from shared.api.serializers import StrictSerializer

_ID = "0198c0de-0000-7000-8000-000000000001"
MAX_INTEGER = 2_147_483_647


class StockLocationSerializer(serializers.ModelSerializer):
    seller = serializers.UUIDField(source="seller_id")

    class Meta:
        model = StockLocation
        fields = ["id", "seller", "name", "priority", "is_active"]
        read_only_fields = fields


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
    seller = serializers.UUIDField(source="seller_id")


class StockLevelSerializer(serializers.ModelSerializer):
    variant = serializers.UUIDField(source="variant_id")
    seller = serializers.UUIDField(source="location.seller_id")
    location = serializers.UUIDField(source="location_id")
    available = serializers.IntegerField(help_text="on_hand - reserved")

    class Meta:
        model = StockLevel
        fields = [
            "id",
            "variant",
            "seller",
            "location",
            "on_hand",
            "reserved",
            "available",
            "low_stock_threshold",
            "version",
        ]
        read_only_fields = fields


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
    quantity = serializers.IntegerField(
        min_value=-MAX_ON_HAND, max_value=MAX_ON_HAND, help_text="Units to add; negative takes away; not 0."
    )
    reason = serializers.CharField(max_length=MAX_REASON)


class StockMovementSerializer(serializers.ModelSerializer):
    level = serializers.UUIDField(source="level_id")
    order_item = serializers.UUIDField(source="order_item_id", allow_null=True)
    actor = serializers.UUIDField(source="actor_id", allow_null=True, help_text="The user; null: the system.")

    class Meta:
        model = StockMovement
        fields = [
            "id",
            "level",
            "level_version",
            "kind",
            "quantity",
            "on_hand_after",
            "reserved_after",
            "order_item",
            "actor",
            "reason",
            "created_at",
        ]
        read_only_fields = fields
