"""How a locked order changes: state, version, items and the event that tells of it, always together."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from orders.lifecycle.changes_sql import write_change
from orders.lifecycle.order_group import OrderGroup, parent_id_of
from orders.models.order import Order
from orders.models.order_event import EventKind, event_data
from shared.actor import Actor
from shared.ids import new_id
from shared.metrics.names import ORDER_AGE
from shared.metrics.recording import observe

log = structlog.get_logger("kontor.orders")


def find_changed(event_id: UUID) -> Order | None:
    """The order, if the change that writes this event has committed. A second try asks it under the order's lock."""
    return Order.objects.filter(events=event_id).first()


def change_order(
    order: Order,
    *,
    kind: EventKind,
    status: str | None = None,
    actor: Actor,
    now: datetime,
    reason: str = "",
    data: dict[str, Any] | None = None,
    event_id: UUID | None = None,
    **fields: Any,
) -> None:
    """Set `status` and `fields` on a locked order, raise its version and its whole order's, write its event; the
    instances follow.

    `status` None leaves it as it is; else the lines that stood where the order stood go along. `data` are the event's
    details, JSON-ready. `event_id`: where a second try must be able to find the change.
    """
    _change_orders(
        [order],
        kind=kind,
        status=status,
        actor=actor,
        now=now,
        reason=reason,
        data=data,
        event_ids=[event_id or new_id()],
        fields=fields,
    )
    if order.parent is not None:  # a whole order is shown with its sub-orders
        raise_versions(Order.objects.filter(pk=order.parent.pk))
        order.parent.version += 1


def change_order_group(
    group: OrderGroup,
    *,
    kind: EventKind,
    status: str | None = None,
    actor: Actor,
    now: datetime,
    reason: str = "",
    data: dict[str, Any] | None = None,
    event_id: UUID | None = None,
    sub_orders_keep: Collection[str] = (),
    **fields: Any,
) -> None:
    """As change_order, for the parent order and with it every sub-order, each with an event of its own. `event_id` is
    the parent order's. `sub_orders_keep` names fields that are the parent order's alone. At most 2 statements for any
    number of sub-orders, and one more for deleted ones."""
    events = [event_id or new_id(), *(new_id() for _ in group.sub_orders)]
    change: dict[str, Any] = {
        "kind": kind,
        "status": status,
        "actor": actor,
        "now": now,
        "reason": reason,
        "data": data,
    }
    if not sub_orders_keep:
        _change_orders([group.parent, *group.sub_orders], event_ids=events, fields=fields, **change)
        return
    _change_orders([group.parent], event_ids=events[:1], fields=fields, **change)
    shared = {name: value for name, value in fields.items() if name not in sub_orders_keep}
    _change_orders(group.sub_orders, event_ids=events[1:], fields=shared, **change)


def change_orders(
    event_ids: Mapping[UUID, UUID],
    orders: Sequence[Order],
    *,
    kind: EventKind,
    status: str,
    actor: Actor,
    now: datetime,
    **fields: Any,
) -> None:
    """As change_order_group, for many locked orders without sub-orders to which the same happens. `event_ids` by the
    order's. One statement, and one more for deleted ones."""
    _change_orders(
        orders,
        kind=kind,
        status=status,
        actor=actor,
        now=now,
        reason="",
        data=None,
        event_ids=[event_ids[order.pk] for order in orders],
        fields=fields,
    )


_ABOUT_DELETION = (EventKind.DELETED, EventKind.RESTORED)


def _show_again(orders: Sequence[Order]) -> None:
    """What something happens to is not out of sight: money that comes in late wants somebody to look."""
    # The whole group: a sub-order in sight under a hidden parent order could not be found from the list.
    parents = {parent_id_of(order) for order in orders}
    Order.objects.filter(Q(pk__in=parents) | Q(parent_id__in=parents)).update(deleted_at=None)
    for order in orders:
        order.deleted_at = None


def _change_orders(
    orders: Sequence[Order],
    *,
    kind: EventKind,
    status: str | None,
    actor: Actor,
    now: datetime,
    reason: str,
    data: dict[str, Any] | None,
    event_ids: Sequence[UUID],
    fields: dict[str, Any],
) -> None:
    if not orders:
        return
    values = {**fields, **({"status": status} if status else {})}
    # Deleting and restoring set the field themselves.
    if kind not in _ABOUT_DELETION and any(order.deleted_at for order in orders):
        _show_again(orders)
    write_change(
        events=[
            {
                "id": event_id,
                "order_id": order.pk,
                "from_status": order.status,
                "to_status": status or order.status,
                "data": event_data(reason, data),
            }
            for order, event_id in zip(orders, event_ids, strict=True)
        ],
        kind=kind,
        actor_id=actor.user_id,
        reason=reason,
        now=now,
        fields=values,
        # Only lines that stood where their order stood go along: one that was cancelled by itself must not rise again.
        from_statuses={order.status for order in orders},
    )
    if status:
        _observe_ages(orders, status, now)
    for order in orders:
        # The instances follow the statement, so that a caller can show them without a second read; the rows are locked.
        order.version += 1
        order.updated_at = now
        for name, value in values.items():
            setattr(order, name, value)
        log.info(f"order_{kind}", order=order.number, status=order.status, actor=actor.label, reason=reason)


def _observe_ages(orders: Sequence[Order], status: str, now: datetime) -> None:
    """Once it is committed: how old whole orders were when they came to the status."""
    # Some are locked by a few columns; a read for a figure would cost more than it tells.
    ages = [
        (now - order.created_at).total_seconds()
        for order in orders
        if order.parent_id is None and order.status != status and "created_at" in order.__dict__
    ]
    if settings.METRICS_PORT and ages:
        transaction.on_commit(partial(_observe_all, ages, status))


def _observe_all(ages: Sequence[float], status: str) -> None:
    for age in ages:
        observe(ORDER_AGE, age, status)


def raise_versions(orders: QuerySet[Order], **fields: Any) -> int:
    """Set `fields` on these orders and raise their versions, for what no event of theirs tells of; return how many."""
    # Counted apart, so that the audit can still tell from the version how many events there must be.
    elsewhere = F("changes_elsewhere") + 1
    return orders.update(version=F("version") + 1, changes_elsewhere=elsewhere, **fields)
