"""What the use cases of returns have in common."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import F, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.lifecycle.changes import change_order, find_changed
from orders.lifecycle.checks import check_step
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.order import Order
from orders.models.order_event import EventKind, OrderEvent
from orders.models.order_item import OrderItem
from orders.models.order_return import Return, ReturnItem
from orders.states import RETURN, ReturnStatus, Trigger
from shared.actor import Actor
from shared.clock import database_now
from shared.concurrency.versions import check_row_version
from shared.errors import NotFound
from shared.ids import new_id

_OPEN = (ReturnStatus.REQUESTED, ReturnStatus.APPROVED)


class ReturnNotFound(NotFound):
    code = "return_not_found"
    title = _("No such return")


@dataclass(frozen=True, slots=True)
class LockedReturn:
    """A return with its lines, and its order group, which is locked."""

    group: OrderGroup
    seller_order: Order
    order_return: Return
    items: list[ReturnItem]
    now: datetime
    event_id: UUID


def change_return(
    *,
    return_id: UUID,
    target: ReturnStatus,
    by: Trigger,
    expected_version: int | None,
    now: datetime | None,
    work: Callable[[LockedReturn], None],
) -> Return:
    """Lock the return, check that `by` may take it to `target`, and let `work` do so. One that is there already is
    returned as it is. Raises ReturnNotFound, StaleVersion, InvalidTransition, Unavailable. Commits its own
    transaction."""
    event_id = new_id()

    def change(group: OrderGroup) -> Return:
        found = Return.objects.get(pk=return_id)
        found.order = seller_order = group.member(found.order_id)
        stale = gettext("Return %(number)s is at version %(version)s, not %(expected_version)s.")
        check_row_version(found, expected_version, stale, number=found.number)
        # Asked twice it is done once: a client whose answer was lost sends the same again.
        if found.status != target:
            check_step(found.number, found.status, target, by=by, table=RETURN)
            items = list(found.items.select_related("item").order_by("id"))
            work(LockedReturn(group, seller_order, found, items, now or database_now(), event_id))
        return found

    return change_under_lock(
        change,
        lock=partial(_lock_group_of, return_id),
        name="change_return",
        find_done=partial(_find_written, return_id, event_id),
    )


def _lock_group_of(return_id: UUID) -> OrderGroup:
    # Which order a return is of is read before the lock, because the order is what is locked.
    order_id = Return.objects.filter(pk=return_id).values_list("order_id", flat=True).first()  # which never changes
    if order_id is None:
        raise ReturnNotFound(gettext("No such return: %(id)s.") % {"id": return_id})
    return lock_order_group(order_id)


def _find_written(return_id: UUID, event_id: UUID) -> Return | None:
    return Return.objects.filter(pk=return_id).first() if find_changed(event_id) else None


def return_told_by(event_id: UUID) -> Return | None:
    """The return whose event this is; None if there is no such event."""
    event = OrderEvent.objects.filter(pk=event_id).first()
    return Return.objects.get(pk=event.data["return"]) if event else None


def set_return(locked: LockedReturn, *, actor: Actor, reason: str, **fields: Any) -> None:
    """Set `fields` on the return, raise its version and write its order's event."""
    found = locked.order_return
    Return.objects.filter(pk=found.pk).update(version=F("version") + 1, **fields)
    found.version += 1
    for name, value in fields.items():
        setattr(found, name, value)
    tell_return(found, locked.items, actor=actor, reason=reason, now=locked.now, event_id=locked.event_id)


def tell_return(
    found: Return,
    items: Iterable[ReturnItem],
    *,
    actor: Actor,
    reason: str,
    now: datetime,
    event_id: UUID,
) -> None:
    """The event of the order that says where its return is now."""
    change_order(
        found.order,
        kind=EventKind.RETURN,
        actor=actor,
        now=now,
        reason=reason[:200],
        event_id=event_id,
        data={
            "return": str(found.pk),
            "number": found.number,
            "return_status": found.status,
            "items": [_line_details(row) for row in items],
        },
    )


def _line_details(row: ReturnItem) -> dict[str, Any]:
    return {
        "item": str(row.item_id),
        "sku": row.item.sku,
        "quantity": row.quantity,
        "received": row.received_quantity,
        "restocked": row.restocked_quantity,
    }


def returnable(items: Iterable[OrderItem]) -> Mapping[UUID, int]:
    """Of each line the units that were shipped, did not come back, and are in no return that is still open."""
    items = list(items)
    rows = ReturnItem.objects.filter(item__in=items, order_return__status__in=_OPEN)
    asked = dict(rows.order_by().values_list("item").annotate(sum=Sum("quantity")))
    # Open ones count by what was asked, ended ones by what came: rejected and withdrawn returns free their units again.
    return {item.pk: item.shipped_quantity - item.returned_quantity - asked.get(item.pk, 0) for item in items}
