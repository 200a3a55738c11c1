"""What of a part is still to be packed, and at which locations it lies."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from catalog.models.stock_location import StockLocation
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.reservation import Reservation
from orders.models.shipment import ShipmentItem
from orders.order_state import ReservationStatus, ShipmentStatus

# Units by line, of one parcel or location.
Units = dict[UUID, int]


def units_to_ship(item: OrderItem) -> int:
    """Units that have neither left nor been called off; some may be packed already."""
    return item.quantity - item.shipped_quantity - item.cancelled_quantity


@dataclass(frozen=True, slots=True)
class Rest:
    """`open`: units of each line that no parcel has and nobody called off. `lying`: those sold from each location that
    no parcel took from there, the best location first. A line that waits for goods has more open than lies anywhere."""

    items: Mapping[UUID, OrderItem]
    locations: Mapping[UUID, StockLocation]
    open: Units
    lying: Mapping[UUID, Units]

    def at(self, location_id: UUID) -> Units:
        """What a parcel from there may hold at most, by line."""
        most = {item: min(units, self.open[item]) for item, units in self.lying.get(location_id, {}).items()}
        return {item: units for item, units in most.items() if units > 0}

    def within(self, sellers: Collection[UUID] | None) -> "Rest":
        """The same with what lies at these sellers' locations alone; None: at all."""
        if sellers is None:
            return self
        own = {place: units for place, units in self.lying.items() if self.locations[place].seller_id in sellers}
        return Rest(self.items, self.locations, self.open, own)

    def parcels(self) -> dict[UUID, Units]:
        """All that lies anywhere as one parcel for each location, each unit once."""
        left, packed = dict(self.open), dict[UUID, Units]()
        for location_id in self.lying:
            for item, most in self.at(location_id).items():
                units = min(most, left[item])
                if units > 0:
                    left[item] -= units
                    packed.setdefault(location_id, {})[item] = units
        return packed

    def missing(self) -> Units:
        """Open units that lie nowhere yet, by line: those sold beyond the stock."""
        lying = [(item, units) for parcel in self.parcels().values() for item, units in parcel.items()]
        missing = {
            item: open_ - sum(units for line, units in lying if line == item) for item, open_ in self.open.items()
        }
        return {item: units for item, units in missing.items() if units > 0}


def rest_of(part: Order) -> Rest:
    """4 statements, whatever the order's size."""
    items = {item.pk: item for item in OrderItem.objects.filter(order=part).order_by("position")}
    parcels = list(
        ShipmentItem.objects.filter(shipment__order=part)
        .exclude(shipment__status=ShipmentStatus.CANCELLED)
        .values_list("item_id", "shipment__location_id", "shipment__status", "quantity")
    )
    open_ = {item.pk: units_to_ship(item) for item in items.values()}
    taken: dict[tuple[UUID, UUID], int] = {}
    for item_id, location_id, status, quantity in parcels:
        taken[location_id, item_id] = taken.get((location_id, item_id), 0) + quantity
        if status == ShipmentStatus.READY:
            open_[item_id] -= quantity
    sold = (
        Reservation.objects.filter(item__order=part, status=ReservationStatus.CONVERTED)
        .order_by("level__location__priority", "level__location_id", "item__position")
        .values_list("level__location_id", "item_id")
        .annotate(units=Sum("quantity"))
    )
    lying: dict[UUID, Units] = {}
    for location_id, item_id, units in sold:
        lying.setdefault(location_id, {})[item_id] = units - taken.get((location_id, item_id), 0)
    locations = {row.pk: row for row in StockLocation.objects.filter(pk__in=list(lying)).select_related("seller")}
    return Rest(items, locations, open_, lying)
