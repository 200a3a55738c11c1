"""The states of lines, seller orders and whole orders, as their shipments have them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from orders.lifecycle.changes import change_order
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.order_item import OrderItem
from orders.models.shipment import ShipmentItem
from orders.reads.orders import items_of
from orders.shipping.shipments import cancel_overfull, facts_of
from orders.shipping.unfulfilled import units_to_ship
from orders.states import OrderStatus, ShipmentStatus, status_of_parent, steps_between
from shared.actor import Actor
from shared.database.set_columns import set_columns
from shared.planner.compiled import compiled_values


def follow_shipments(
    group: OrderGroup,
    seller_order: Order,
    *,
    kind: EventKind,
    actor: Actor,
    now: datetime,
    reason: str = "",
    event_id: UUID | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Something happened to a shipment of the seller order: write its event (`kind`, `event_id`), and take its
    lines, the order and its parent order as far as their goods have come. The order group must be locked."""
    target = _state_of_goods(seller_order)
    change: dict[str, Any] = {"actor": actor, "now": now, "reason": reason, "data": data}
    steps = steps_between(seller_order.status, target)
    # What happened and the first step are one event. What was packed and sent at once goes two steps, the second told
    # of by itself.
    change_order(seller_order, kind=kind, status=steps[0] if steps else None, event_id=event_id, **change)
    for step in steps[1:]:
        change_order(seller_order, kind=EventKind.STATUS_CHANGED, status=step, **change)
    follow_seller_orders(group, actor=actor, now=now)


def unpack_overfull(seller_order: Order, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Units were called off: READY shipments that hold more than is left to ship are unpacked, and an event of the
    order tells which."""
    # Its event has no step of the order: the feed reads the shipments in it (events.feed.order_events).
    unpacked = cancel_overfull(seller_order)
    if unpacked:
        change: dict[str, Any] = {"actor": actor, "now": now, "reason": reason}
        change_order(seller_order, kind=EventKind.STATUS_CHANGED, data={"shipments": facts_of(unpacked)}, **change)


def follow_refund(group: OrderGroup, seller_order: Order, *, actor: Actor, now: datetime) -> None:
    """Units were called off: where only they were missing, the seller order and its parent order are shipped or
    delivered now."""
    for step in steps_between(seller_order.status, _state_of_goods(seller_order)):
        change_order(seller_order, kind=EventKind.STATUS_CHANGED, status=step, actor=actor, now=now)
    follow_seller_orders(group, actor=actor, now=now)


def follow_seller_orders(group: OrderGroup, *, actor: Actor, now: datetime) -> None:
    """Take a parent order on to where its sub-orders are; one event for each step."""
    # An order of one seller is its own parent order, and was taken on already.
    if not group.sub_orders:
        return
    seller_orders = {sub_order.number: str(sub_order.status) for sub_order in group.sub_orders}
    for step in steps_between(group.parent.status, status_of_parent(seller_orders.values())):
        change_order(
            group.parent,
            kind=EventKind.STATUS_CHANGED,
            status=step,
            actor=actor,
            now=now,
            data={"sub_orders": seller_orders},
        )


def _state_of_goods(seller_order: Order) -> str:
    """Where the seller order's goods are, once its lines have been told where theirs are. Never behind where it
    stands."""
    shipments = _lines_in_shipments(order_id=seller_order.pk)
    under_way = {item_id for item_id, status in shipments if status == ShipmentStatus.SHIPPED}
    # A line that was called off altogether has neither left nor holds up the others.
    items = [item for item in items_of(order_ids=[seller_order.pk]) if item.quantity > item.cancelled_quantity]
    gone = [item for item in items if item.shipped_quantity and not units_to_ship(item)]
    arrived = [item for item in gone if item.pk not in under_way]
    _record_late_items([item for item in gone if item.pk in under_way], OrderStatus.SHIPPED)
    _record_late_items(arrived, OrderStatus.DELIVERED)
    if items and len(arrived) == len(items):
        return OrderStatus.DELIVERED
    if items and len(gone) == len(items):
        return OrderStatus.SHIPPED
    return OrderStatus.PROCESSING if shipments else seller_order.status


def _record_late_items(items: list[OrderItem], status: OrderStatus) -> None:
    # Only forward: a line that has arrived stays so when more of its order leaves.
    late = [item.pk for item in items if steps_between(item.status, status)]
    if late:
        set_columns(OrderItem, late, {"status": status})


@compiled_values
def _lines_in_shipments(*, order_id: UUID) -> QuerySet[ShipmentItem, Any]:
    rows = ShipmentItem.objects.filter(shipment__order_id=order_id)
    return rows.exclude(shipment__status=ShipmentStatus.CANCELLED).values_list("item_id", "shipment__status")
