"""Shipments as the API shows them."""

from rest_framework import serializers

from orders.states import ShipmentStatus
from shared.api.shapes.shaped import ShapedSerializer


class ShipmentItemSerializer(serializers.Serializer):
    item = serializers.UUIDField(source="item_id", help_text="The order item.")
    sku = serializers.CharField(source="item.sku")
    name = serializers.CharField(source="item.name")
    quantity = serializers.IntegerField(min_value=1)


class ShipmentSerializer(ShapedSerializer):
    """A shipment: units of one order's lines, from one location."""

    id = serializers.UUIDField()
    number = serializers.CharField(help_text="The order's number, -S1, -S2 …")
    order = serializers.UUIDField(source="order_id")
    status = serializers.ChoiceField(ShipmentStatus.choices)
    location = serializers.UUIDField(source="location_id", help_text="The stock location that packed it.")
    carrier = serializers.CharField(allow_blank=True)
    tracking_number = serializers.CharField(allow_blank=True)
    tracking_url = serializers.CharField(allow_blank=True)
    items = ShipmentItemSerializer(many=True)
    version = serializers.IntegerField(help_text="The ETag, without its quotes.")
    created_at = serializers.DateTimeField(help_text="When it was packed.")
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
