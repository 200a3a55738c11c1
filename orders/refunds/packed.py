"""Parcels that were packed with units that do not go out any more."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F

from orders.models.order_item import OrderItem
from orders.models.shipment import Shipment, ShipmentItem
from orders.order_state import ShipmentStatus
from orders.refunds.left import unshipped


def unpack(items: Iterable[OrderItem]) -> list[Shipment]:
    """Cancel the newest parcels that are packed but have not left, until no line has more units packed than go out.
    What else was in them is packed anew. The family must be locked."""
    open_units = {item.pk: unshipped(item) for item in items}
    packed = list(
        ShipmentItem.objects.filter(item__in=open_units, shipment__status=ShipmentStatus.READY)
        .select_related("shipment")
        .order_by("-shipment_id")
    )
    cancelled: dict[UUID, Shipment] = {}
    for item_id, most in open_units.items():
        rows = [row for row in packed if row.item_id == item_id]
        in_parcels = sum(row.quantity for row in rows if row.shipment_id not in cancelled)
        for row in rows:
            if in_parcels > most and row.shipment_id not in cancelled:
                cancelled[row.shipment_id] = row.shipment
                in_parcels -= row.quantity
    Shipment.objects.filter(pk__in=cancelled).update(status=ShipmentStatus.CANCELLED, version=F("version") + 1)
    return list(cancelled.values())
