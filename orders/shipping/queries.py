"""Reads of shipments, and of what still has to be packed."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from inventory.models.location import StockLocation
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.reservation import Reservation
from orders.models.shipment import Shipment, ShipmentItem
from orders.shipping.unfulfilled import unfulfilled_by_order
from orders.states import TO_PACK, OrderStatus, ReservationStatus
from shared.planner.lookups import one_of

# How many orders the worklist looks at, the oldest first.
WORKLIST_ORDERS = 200


def shipments_in_full() -> QuerySet[Shipment]:
    """With order, location and lines: 2 statements for any page."""
    lines = ShipmentItem.objects.select_related("item").order_by("id")
    return Shipment.objects.select_related("order", "location__seller").prefetch_related(Prefetch("items", lines))


@dataclass(frozen=True, slots=True)
class Work:
    """What of one order a location has to pack, as (line, units)."""

    order: Order
    lines: list[tuple[OrderItem, int]]


def worklist(
    *, location_id: UUID | None = None, sellers: Collection[UUID] | None = None, limit: int = WORKLIST_ORDERS
) -> dict[StockLocation, list[Work]]:
    """What is paid and neither packed nor gone, by location, of the `limit` orders placed first. 6 statements.

    `location_id` and `sellers` narrow to one location, and to these sellers' locations. Reads order_status_created.
    """
    # One statement for each status: the index order_status_created then gives the oldest of it without a sort, which it
    # would not for several at once.
    orders = [order for status in TO_PACK for order in _open_orders(status, location_id, sellers)[:limit]]
    oldest = sorted(orders, key=lambda order: (order.created_at, order.pk))[:limit]
    work: dict[StockLocation, list[Work]] = {}
    for order, unfulfilled in zip(oldest, unfulfilled_by_order(oldest).values(), strict=True):
        for place, units in unfulfilled.within(sellers).shipments().items():
            if location_id in (None, place):
                lines = [(unfulfilled.items[item], count) for item, count in units.items()]
                work.setdefault(unfulfilled.locations[place], []).append(Work(order, lines))
    return dict(sorted(work.items(), key=lambda found: str(found[0])))


def _open_orders(status: OrderStatus, location_id: UUID | None, sellers: Collection[UUID] | None) -> QuerySet[Order]:
    """Oldest first; those with something left to pack, whether it lies there yet or not."""
    sold = Reservation.objects.filter(item__order=OuterRef("pk"), status=ReservationStatus.CONVERTED)
    if location_id is not None:
        sold = sold.filter(level__location=location_id)
    if sellers is not None:
        sold = sold.filter(one_of("level__location__seller_id", sellers))
    return Order.objects.filter(Exists(sold), status=status).order_by("created_at", "id")
