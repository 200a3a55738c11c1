"""Stock as the API shows it."""

from rest_framework import serializers

from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from inventory.models.movement import StockMovement


class StockLocationSerializer(serializers.ModelSerializer):
    seller = serializers.UUIDField(source="seller_id")

    class Meta:
        model = StockLocation
        fields = ["id", "seller", "name", "priority", "is_active"]
        read_only_fields = fields


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
