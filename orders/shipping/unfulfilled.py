"""What of a seller order is unfulfilled, and at which locations its units are available."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from inventory.models.location import StockLocation
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.reservation import Reservation
from orders.models.shipment import ShipmentItem
from orders.reads.orders import items_of
from orders.states import ReservationStatus, ShipmentStatus
from shared.planner.compiled import Ids, compiled_rows, compiled_values
from shared.planner.compiled_query import EqualsAny

# Units by line, of one shipment or location.
Units = dict[UUID, int]


def units_to_ship(item: OrderItem) -> int:
    """Units that have neither left nor been cancelled; some may be packed already."""
    return item.quantity - item.shipped_quantity - item.cancelled_quantity


@dataclass(frozen=True, slots=True)
class Unfulfilled:
    """What an order still has to ship. `open`: units of each line that no shipment has and nobody cancelled.
    `available_at`: those sold from each location that no shipment took from there, the best location first. A line that
    waits for goods has more open than is available anywhere."""

    items: Mapping[UUID, OrderItem]
    locations: Mapping[UUID, StockLocation]
    open: Units
    available_at: Mapping[UUID, Units]

    def at(self, location_id: UUID) -> Units:
        """What a shipment from there may hold at most, by line."""
        most = {item: min(units, self.open[item]) for item, units in self.available_at.get(location_id, {}).items()}
        return {item: units for item, units in most.items() if units > 0}

    def within(self, sellers: Collection[UUID] | None) -> "Unfulfilled":
        """The same order, with what is available at these sellers' locations alone; None: at all locations."""
        if sellers is None:
            return self
        own = {place: units for place, units in self.available_at.items() if self.locations[place].seller_id in sellers}
        return Unfulfilled(self.items, self.locations, self.open, own)

    def shipments(self) -> dict[UUID, Units]:
        """All that is available anywhere as one shipment for each location, each unit once."""
        left, packed = dict(self.open), dict[UUID, Units]()
        for location_id in self.available_at:
            for item, most in self.at(location_id).items():
                # What lies at two locations is packed at the better one; the other may have more than is still open.
                units = min(most, left[item])
                if units > 0:
                    left[item] -= units
                    packed.setdefault(location_id, {})[item] = units
        return packed

    def missing(self) -> Units:
        """Open units that are available nowhere yet, by line: those sold beyond the stock."""
        packable = [(item, units) for shipment in self.shipments().values() for item, units in shipment.items()]
        missing = {
            item: open_ - sum(units for line, units in packable if line == item) for item, open_ in self.open.items()
        }
        return {item: units for item, units in missing.items() if units > 0}


def unfulfilled_of(seller_order: Order) -> Unfulfilled:
    """What the order still has to ship. 4 statements, whatever its size."""
    return unfulfilled_by_order([seller_order])[seller_order.pk]


def unfulfilled_by_order(seller_orders: Iterable[Order]) -> dict[UUID, Unfulfilled]:
    """Of several orders at once, by id; 4 statements as well."""
    ids = [seller_order.pk for seller_order in seller_orders]
    items = items_of(order_ids=ids)
    by_id = {item.pk: item for item in items}
    open_ = {item.pk: units_to_ship(item) for item in items}
    taken: dict[tuple[UUID, UUID], int] = {}
    for item_id, location_id, status, quantity in _in_shipments(order_ids=ids):
        taken[location_id, item_id] = taken.get((location_id, item_id), 0) + quantity
        # What has left is in shipped_quantity already.
        if status == ShipmentStatus.READY:
            open_[item_id] -= quantity
    available_at: dict[UUID, dict[UUID, Units]] = {order_id: {} for order_id in ids}
    for location_id, item_id, units in _sold_at_locations(order_ids=ids):
        of_order = available_at[by_id[item_id].order_id]
        of_order.setdefault(location_id, {})[item_id] = units - taken.get((location_id, item_id), 0)
    places = {place for of_order in available_at.values() for place in of_order}
    locations = {row.pk: row for row in _locations(ids=list(places))}
    return {
        order_id: Unfulfilled(
            {item.pk: item for item in items if item.order_id == order_id},
            locations,
            {item.pk: open_[item.pk] for item in items if item.order_id == order_id},
            available_at[order_id],
        )
        for order_id in ids
    }


@compiled_rows
def _locations(*, ids: Ids) -> QuerySet[StockLocation]:
    return StockLocation.objects.filter(EqualsAny("pk", ids)).select_related("seller")


@compiled_values
def _in_shipments(*, order_ids: Ids) -> QuerySet[ShipmentItem, Any]:
    """Line, location, state of the shipment and units, for whatever was packed and not unpacked."""
    rows = ShipmentItem.objects.filter(EqualsAny("shipment__order_id", order_ids))
    rows = rows.exclude(shipment__status=ShipmentStatus.CANCELLED)
    return rows.values_list("item_id", "shipment__location_id", "shipment__status", "quantity")


@compiled_values
def _sold_at_locations(*, order_ids: Ids) -> QuerySet[Reservation, Any]:
    """Location, line and units that were sold from there, the best location of a seller first."""
    sold = Reservation.objects.filter(EqualsAny("item__order_id", order_ids), status=ReservationStatus.CONVERTED)
    ordered = sold.order_by("level__location__priority", "level__location_id", "item__position")
    return ordered.values_list("level__location_id", "item_id").annotate(units=Sum("quantity"))
