"""Reads of parcels, and of what still has to be packed."""

from django.db.models import Prefetch, QuerySet

from orders.models.shipment import Shipment, ShipmentItem


def shipments_in_full() -> QuerySet[Shipment]:
    """With their lines: 2 statements for any page."""
    lines = ShipmentItem.objects.select_related("item").order_by("id")
    return Shipment.objects.prefetch_related(Prefetch("items", lines))
