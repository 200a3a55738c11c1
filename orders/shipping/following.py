"""The states of lines, parts and whole orders, as their parcels have them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from orders.lifecycle.changes import change_order
from orders.lifecycle.order_group import Family
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.order_item import OrderItem
from orders.models.shipment import ShipmentItem
from orders.shipping.rest import units_to_ship
from orders.states import OrderStatus, ShipmentStatus, status_of_parent, steps_between
from shared.actor import Actor


def follow_parcels(
    family: Family,
    part: Order,
    *,
    kind: EventKind,
    actor: Actor,
    now: datetime,
    reason: str = "",
    event_id: UUID | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Something happened to a parcel of the part: write its event (`kind`, `event_id`), and take the part's lines, the
    part and its root as far as their goods have come. The family must be locked."""
    target = _state_of_goods(part)
    change: dict[str, Any] = {"actor": actor, "now": now, "reason": reason, "data": data}
    steps = steps_between(part.status, target)
    change_order(part, kind=kind, status=steps[0] if steps else None, event_id=event_id, **change)
    for step in steps[1:]:
        change_order(part, kind=EventKind.STATUS_CHANGED, status=step, **change)
    follow_parts(family, actor=actor, now=now)


def follow_refund(family: Family, part: Order, *, actor: Actor, now: datetime) -> None:
    """Units were called off: where only they were missing, the part and its root are shipped or delivered now."""
    for step in steps_between(part.status, _state_of_goods(part)):
        change_order(part, kind=EventKind.STATUS_CHANGED, status=step, actor=actor, now=now)
    follow_parts(family, actor=actor, now=now)


def follow_parts(family: Family, *, actor: Actor, now: datetime) -> None:
    """Take a split order's root on to where its parts are; one event for each step."""
    if not family.children:
        return
    parts = {child.number: str(child.status) for child in family.children}
    for step in steps_between(family.root.status, status_of_parent(parts.values())):
        change_order(
            family.root, kind=EventKind.STATUS_CHANGED, status=step, actor=actor, now=now, data={"parts": parts}
        )


def _state_of_goods(part: Order) -> str:
    """Where the part's goods are, once its lines have been told where theirs are. Never behind where it stands."""
    rows = ShipmentItem.objects.filter(shipment__order=part).exclude(shipment__status=ShipmentStatus.CANCELLED)
    parcels = list(rows.values_list("item_id", "shipment__status"))
    under_way = {item_id for item_id, status in parcels if status == ShipmentStatus.SHIPPED}
    items = [item for item in OrderItem.objects.filter(order=part) if item.quantity > item.cancelled_quantity]
    gone = [item for item in items if item.shipped_quantity and not units_to_ship(item)]
    arrived = [item for item in gone if item.pk not in under_way]
    _tell([item for item in gone if item.pk in under_way], OrderStatus.SHIPPED)
    _tell(arrived, OrderStatus.DELIVERED)
    if items and len(arrived) == len(items):
        return OrderStatus.DELIVERED
    if items and len(gone) == len(items):
        return OrderStatus.SHIPPED
    return OrderStatus.PROCESSING if parcels else part.status


def _tell(items: list[OrderItem], status: OrderStatus) -> None:
    late = [item.pk for item in items if steps_between(item.status, status)]
    if late:
        OrderItem.objects.filter(pk__in=late).update(status=status)
