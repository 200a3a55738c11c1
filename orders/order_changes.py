"""How a locked order changes: state, version, items and the event that tells of it, always together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db.models import F

from orders.models.order import Order
from orders.models.order_event import EventKind, OrderEvent
from orders.models.order_item import OrderItem
from orders.order_state import Trigger, is_allowed, next_statuses
from shared.actor import Actor
from shared.errors import Refusal
from shared.ids import new_id

log = structlog.get_logger("kontor.orders")


class InvalidTransition(Refusal):
    code = "invalid_transition"
    title = "The order cannot go there from where it is"


def check_transition(order: Order, target: str, *, by: Trigger) -> None:
    """Raise InvalidTransition unless the state table lets `by` take the order to `target`."""
    if not is_allowed(order.status, target, by=by):
        raise InvalidTransition(
            f"Order {order.number} is {order.status} and cannot become {target}.",
            status_now=order.status,
            allowed=next_statuses(order.status, by=by),
        )


def change_orders(
    orders: Sequence[Order],
    *,
    kind: EventKind,
    status: str | None = None,
    actor: Actor,
    now: datetime,
    reason: str = "",
    **fields: Any,
) -> None:
    """Set `status` and `fields` on locked orders of one kind of change, raise their version, write their events.

    4 statements for any number of orders. The instances are brought up to date. `status` None leaves it as it is.
    """
    events = [
        OrderEvent(
            id=new_id(),
            order=order,
            kind=kind,
            from_status=order.status,
            to_status=status or order.status,
            actor_id=actor.user_id,
            reason=reason,
            created_at=now,
        )
        for order in orders
    ]
    ids = [order.pk for order in orders]
    values = {**fields, **({"status": status} if status else {}), "updated_at": now}
    Order.objects.filter(pk__in=ids).update(version=F("version") + 1, **values)
    if status:
        OrderItem.objects.filter(order_id__in=ids).update(status=status)
    OrderEvent.objects.bulk_create(events)
    for order in orders:
        order.version += 1
        for name, value in values.items():
            setattr(order, name, value)
        log.info(f"order_{kind}", order=order.number, status=order.status, actor=actor.label, reason=reason)
