"""Returned goods lie on the counter."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from orders.lifecycle.checks import check_version
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.order_return import Return
from orders.refunds.receiving import Came, receive_units, restock_units
from orders.refunds.requesting import write_return
from orders.refunds.return_worth import RefundTerms, refund_units
from orders.refunds.returning import LockedReturn, return_told_by, set_return
from orders.services.refunds.refund_order import check_paid
from orders.states import ReturnStatus
from shared.actor import Actor
from shared.clock import database_now
from shared.ids import new_id


def take_goods_back(
    *,
    order_id: UUID,
    units: Came,
    reason: str,
    actor: Actor,
    location_id: UUID | None = None,
    refund: RefundTerms | None = None,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Return:
    """A return from its request to RECEIVED, and with `refund` to REFUNDED, at once: as request_return, approve_return,
    receive_return and refund_return one after the other, but all of it or nothing. Each step is told.

    Raises OrderNotFound, StaleVersion, NotPaid, InvalidInput, TooManyUnits, RefundTooHigh, Unavailable. Locks: the
    order group, then stock levels in primary-key order. Commits its own transaction.
    """
    event_id = new_id()

    def take(group: OrderGroup) -> Return:
        order = group.member(order_id)
        check_version(order, expected_version)
        moment, asked = now or database_now(), [(pk, came) for pk, (came, _sellable) in units.items()]
        locked = write_return(group, order, asked, reason, actor=actor, now=moment, event_id=event_id)
        step = partial(_next_event, locked)
        set_return(step(), actor=actor, reason="", status=ReturnStatus.APPROVED, decided_at=moment)
        receive_units(step(), units, actor=actor, note="")
        if refund is not None:
            check_paid(locked.seller_order)
            refund_units(step(), refund, actor=actor, note="")
        # Last, as it locks stock levels: the money comes before.
        restock_units(locked, actor=actor, location_id=location_id)
        return locked.order_return

    return change_under_lock(
        take,
        lock=partial(lock_order_group, order_id),
        name="take_goods_back",
        find_done=partial(return_told_by, event_id),
    )


def _next_event(locked: LockedReturn) -> LockedReturn:
    return replace(locked, event_id=new_id())
