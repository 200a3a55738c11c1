"""Units that wait for goods as the API shows them."""

from rest_framework import serializers

from orders.models.backorder import Backorder


class BackorderSerializer(serializers.ModelSerializer):
    order = serializers.UUIDField(source="item.order_id")
    item = serializers.UUIDField(source="item_id")
    variant = serializers.UUIDField(source="variant_id")
    seller = serializers.UUIDField(source="seller_id")
    filled_quantity = serializers.IntegerField(help_text="Units that have come: they are held or sold.")
    waiting = serializers.IntegerField(help_text="Units still to come.")

    class Meta:
        model = Backorder
        fields = [
            "id",
            "order",
            "item",
            "variant",
            "seller",
            "quantity",
            "filled_quantity",
            "waiting",
            "status",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields
