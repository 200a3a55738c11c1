"""Reads of parcels, and of what still has to be packed."""

from django.db.models import Prefetch, QuerySet

from orders.models.shipment import Shipment, ShipmentItem


def shipments_in_full() -> QuerySet[Shipment]:
    """With order, location and lines: 2 statements for any page."""
    lines = ShipmentItem.objects.select_related("item").order_by("id")
    return Shipment.objects.select_related("order", "location__seller").prefetch_related(Prefetch("items", lines))
