"""Moving a paid order on by hand: processing, shipped, delivered."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from orders.incoming_payments.settled import check_settled
from orders.lifecycle.changes import change_order, find_changed
from orders.lifecycle.checks import check_transition, check_version
from orders.lifecycle.locking import check_live, lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.shipment import Shipment
from orders.shipping.following import follow_seller_orders
from orders.shipping.shipments import deliver_rest, facts_of, send_rest
from orders.states import OrderStatus, Trigger, steps_between
from shared.actor import Actor
from shared.clock import database_now
from shared.ids import new_id


def advance_order(
    *,
    order_id: UUID,
    status: str,
    actor: Actor,
    reason: str = "",
    expected_version: int | None = None,
    unsettled: bool = False,
    now: datetime | None = None,
) -> Order:
    """Take the order to `status`, one step of the state table; a split order with all sub-orders that are not there
    yet, a sub-order alone with the whole following.

    SHIPPED sends whatever has not left, DELIVERED lets all that is under way arrive. `unsettled`: somebody who may says
    that goods leave though their money is not settled. Raises OrderNotFound, StaleVersion, InvalidTransition,
    UnitsNotThere, Unsettled, Unavailable. Locks the order with its order group. Commits its own
    transaction.
    """
    event_id = new_id()

    def advance(group: OrderGroup) -> Order:
        order = group.member(order_id)
        check_live(order)
        check_version(order, expected_version)
        check_transition(order, status, by=Trigger.STATUS)
        if status == OrderStatus.SHIPPED and not unsettled:
            # Asked where goods leave: until then nothing is lost by waiting for the money.
            check_settled(group)
        moment = now or database_now()
        change: dict[str, Any] = {"actor": actor, "now": moment, "reason": reason}
        # The sub-orders first, each by as many steps as it lacks: a parent order follows them.
        for seller_order in group.sub_orders if order is group.parent else ():
            for step in steps_between(seller_order.status, status):
                _take_step(seller_order, step, change)
        # A split order has no goods of its own: its sub-orders have just sent theirs.
        _take_step(order, status, {**change, "event_id": event_id}, has_goods=not _is_split(group, order))
        follow_seller_orders(group, actor=actor, now=moment)
        return order

    return change_under_lock(
        advance,
        lock=partial(lock_order_group, order_id),
        name="advance_order",
        find_done=partial(find_changed, event_id),
    )


def _is_split(group: OrderGroup, order: Order) -> bool:
    return bool(group.sub_orders) and order is group.parent


def _take_step(order: Order, status: str, change: dict[str, Any], *, has_goods: bool = True) -> None:
    """One step, and with it the goods, where they are this order's own."""
    moved = _move_goods(order, status, actor=change["actor"], now=change["now"]) if has_goods else ()
    data = {"shipments": facts_of(moved)} if moved else None
    change_order(order, kind=EventKind.STATUS_CHANGED, status=status, data=data, **change)


def _move_goods(seller_order: Order, status: str, *, actor: Actor, now: datetime) -> Sequence[Shipment]:
    if status == OrderStatus.SHIPPED:
        return send_rest(seller_order, actor=actor, now=now)
    if status == OrderStatus.DELIVERED:
        return deliver_rest(seller_order, now=now)
    return ()
