"""Shipments as JSON-ready dicts, the same shape declared for OpenAPI, and the filters of their list."""

from typing import Any

import django_filters
from rest_framework import serializers

from orders.api.orders.filters import WholeOrderFilter
from orders.models.shipment import Shipment
from orders.states import ShipmentStatus
from shared.text.times import iso_time


def represent_shipment(shipment: Shipment) -> dict[str, Any]:
    """With its lines (orders.reads.orders.shipments_in_full)."""
    return {
        "id": str(shipment.pk),
        "number": shipment.number,
        "order": str(shipment.order_id),
        "status": shipment.status,
        "location": str(shipment.location_id),
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "tracking_url": shipment.tracking_url,
        "items": [
            {"item": str(line.item_id), "sku": line.item.sku, "name": line.item.name, "quantity": line.quantity}
            for line in shipment.items.all()
        ],
        "version": shipment.version,
        "created_at": iso_time(shipment.created_at),
        "shipped_at": iso_time(shipment.shipped_at),
        "delivered_at": iso_time(shipment.delivered_at),
    }


class ShipmentItemSerializer(serializers.Serializer):
    item = serializers.UUIDField(help_text="The order item.")
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField(min_value=1)


class ShipmentSerializer(serializers.Serializer):
    """A shipment: units of one order's lines, from one location."""

    id = serializers.UUIDField()
    number = serializers.CharField(help_text="The order's number, -S1, -S2 …")
    order = serializers.UUIDField()
    status = serializers.ChoiceField(ShipmentStatus.choices)
    location = serializers.UUIDField(help_text="The stock location that packed it.")
    carrier = serializers.CharField(allow_blank=True)
    tracking_number = serializers.CharField(allow_blank=True)
    tracking_url = serializers.CharField(allow_blank=True)
    items = ShipmentItemSerializer(many=True)
    version = serializers.IntegerField(help_text="The ETag, without its quotes.")
    created_at = serializers.DateTimeField(help_text="When it was packed.")
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return represent_shipment(instance)


class ShipmentFilter(django_filters.FilterSet):
    order = WholeOrderFilter(field_name="order_id")
    status = django_filters.ChoiceFilter(choices=ShipmentStatus.choices)

    class Meta:
        model = Shipment
        fields: list[str] = []
