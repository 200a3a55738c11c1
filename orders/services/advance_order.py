"""Moving a paid order on: processing, shipped, delivered."""

from datetime import datetime
from functools import partial
from uuid import UUID

from orders.locking import lock_order
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.order_changes import change_order, check_transition, check_version, find_changed
from orders.order_state import Trigger
from shared.actor import Actor
from shared.clock import database_now
from shared.ids import new_id
from shared.transactions import outermost_transaction, retry_transaction


def advance_order(
    *,
    order_id: UUID,
    status: str,
    actor: Actor,
    reason: str = "",
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Order:
    """Take the order to `status`, one step of the state table.

    Raises OrderNotFound, StaleVersion, InvalidTransition, Unavailable. Locks the order. Commits its own transaction.
    """

    event_id = new_id()

    def work(again: bool) -> Order:
        with outermost_transaction():
            order = lock_order(order_id)
            if again and (done := find_changed(event_id)):
                return done
            check_version(order, expected_version)
            check_transition(order, status, by=Trigger.STATUS)
            change_order(
                order,
                kind=EventKind.STATUS_CHANGED,
                status=status,
                actor=actor,
                now=now or database_now(),
                reason=reason,
                event_id=event_id,
            )
            return order

    return retry_transaction(work, name="advance_order", find_done=partial(find_changed, event_id))
