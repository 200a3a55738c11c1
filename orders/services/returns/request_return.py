"""A customer wants to send goods back."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from orders.lifecycle.checks import check_version
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.order_return import Return
from orders.refunds.requesting import write_return
from orders.refunds.returning import return_told_by
from shared.actor import Actor
from shared.clock import database_now
from shared.ids import new_id


def request_return(
    *,
    order_id: UUID,
    units: Sequence[tuple[UUID, int]],
    reason: str,
    actor: Actor,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Return:
    """Ask to send so many units of lines back: of one seller's, units that were shipped and did not come back yet.

    Raises OrderNotFound, StaleVersion, InvalidInput, TooManyUnits, Unavailable. Locks the order group. Commits
    its own transaction.
    """
    event_id = new_id()

    def request(group: OrderGroup) -> Return:
        order = group.member(order_id)
        check_version(order, expected_version)
        moment = now or database_now()
        return write_return(group, order, units, reason, actor=actor, now=moment, event_id=event_id).order_return

    return change_under_lock(
        request,
        lock=partial(lock_order_group, order_id),
        name="request_return",
        find_done=partial(return_told_by, event_id),
    )
