"""Where an order stands when units of it were called off. The family must be locked."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F

from orders.families import Family
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.order_item import OrderItem
from orders.order_changes import change_order
from orders.order_state import CancelReason, OrderStatus, Trigger, is_allowed, status_of_parent
from shared.actor import Actor


def close(
    orders: Iterable[Order], *, why: CancelReason, reason: str, actor: Actor, now: datetime, **event: Any
) -> None:
    """Cancel these orders, with their lines that are not cancelled yet."""
    for order in orders:
        change_order(
            order,
            kind=EventKind.CANCELLED,
            status=OrderStatus.CANCELLED,
            actor=actor,
            now=now,
            reason=reason,
            cancelled_at=now,
            cancel_reason=why,
            **event,
        )
        OrderItem.objects.filter(order=order).exclude(status=OrderStatus.CANCELLED).update(status=OrderStatus.CANCELLED)


def close_emptied(family: Family, *, reason: str, actor: Actor, now: datetime) -> None:
    """Cancel the parts of which no line is left, and the root with the last of them."""
    emptied = [part for part in family.parts if _may_close(part) and _is_empty(part)]
    close(emptied, why=CancelReason.STAFF, reason=reason, actor=actor, now=now)
    if emptied:
        close_root(family, why=CancelReason.STAFF, reason=reason, actor=actor, now=now)


def close_root(family: Family, *, why: CancelReason, reason: str, actor: Actor, now: datetime, **event: Any) -> None:
    """A split order is cancelled with the last of its parts; else it stands where the parts that are left do."""
    if not family.children:
        return
    target = status_of_parent(part.status for part in family.parts)
    if target == OrderStatus.CANCELLED and _may_close(family.root):
        close([family.root], why=why, reason=reason, actor=actor, now=now, **event)


def mark_lines_called_off(lines: Iterable[tuple[OrderItem, int]]) -> None:
    """These units do not go out, though nothing is left to give back for them."""
    for item, units in lines:
        OrderItem.objects.filter(pk=item.pk).update(cancelled_quantity=F("cancelled_quantity") + units)
        item.cancelled_quantity += units


def _may_close(order: Order) -> bool:
    return is_allowed(order.status, OrderStatus.CANCELLED, by=Trigger.REFUND)


def _is_empty(part: Order) -> bool:
    return not OrderItem.objects.filter(order=part).exclude(status=OrderStatus.CANCELLED).exists()
