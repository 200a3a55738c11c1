"""How a locked order changes: state, version, items and the event that tells of it, always together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.models.order_event import EventKind, OrderEvent
from orders.models.order_item import OrderItem
from orders.order_state import Trigger, is_allowed, next_statuses
from shared.actor import Actor
from shared.errors import Refusal, StaleVersion
from shared.ids import new_id

log = structlog.get_logger("kontor.orders")


class InvalidTransition(Refusal):
    code = "invalid_transition"
    title = _("The order cannot go there from where it is")


def check_transition(order: Order, target: str, *, by: Trigger) -> None:
    """Raise InvalidTransition unless the state table lets `by` take the order to `target`."""
    if not is_allowed(order.status, target, by=by):
        raise InvalidTransition(
            gettext("Order %(number)s is %(status)s and cannot become %(target)s.")
            % {"number": order.number, "status": order.status, "target": target},
            status_now=order.status,
            allowed=next_statuses(order.status, by=by),
        )


def check_version(order: Order, expected_version: int | None) -> None:
    """Raise StaleVersion when the locked order is no longer at the version that the caller read."""
    if expected_version not in (None, order.version):
        raise StaleVersion(
            gettext("Order %(number)s is at version %(version)s, not %(expected_version)s.")
            % {"number": order.number, "version": order.version, "expected_version": expected_version},
            version=order.version,
        )


def find_changed(event_id: UUID) -> Order | None:
    """The order, if the change that writes this event has committed. A second try asks it under the order's lock."""
    return Order.objects.filter(events=event_id).first()


def change_orders(
    orders: Sequence[Order],
    *,
    kind: EventKind,
    status: str | None = None,
    actor: Actor,
    now: datetime,
    reason: str = "",
    event_id: UUID | None = None,
    **fields: Any,
) -> None:
    """Set `status` and `fields` on locked orders of one kind of change, raise their version, write their events.

    4 statements for any number of orders. The instances are brought up to date. `status` None leaves it as it is.
    `event_id` is the single order's event, where a second try must be able to find it.
    """
    events = [
        OrderEvent(
            id=event_id or new_id(),
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
