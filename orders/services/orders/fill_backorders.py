"""Goods came in: give them to the orders that wait for them, the first to have come in front."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog
from django.db import connection

from inventory.ledger import stock
from inventory.models.backorder_count import BackorderCount
from inventory.models.level import StockLevel
from orders.lifecycle import reasons
from orders.lifecycle.changes import change_order
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.models.backorder import Backorder, BackorderStatus
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.reservations.backorders import lower_count
from orders.reservations.taking import Taken, hold_units, sell_units
from orders.states import OrderStatus
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.database.transactions import outermost_transaction, retry_transaction

log = structlog.get_logger("kontor.orders")

# What is waited for and lies there: a variant at a seller.
_CAN_BE_FILLED = """
SELECT DISTINCT variant_id, seller_id FROM orders_backorder AS backorder
WHERE status = 'waiting' AND EXISTS (
    SELECT FROM inventory_stock_level AS level JOIN inventory_stock_location AS location ON location.id = location_id
    WHERE level.variant_id = backorder.variant_id AND location.seller_id = backorder.seller_id
          AND location.is_active AND level.on_hand > level.reserved
)
ORDER BY variant_id, seller_id
"""
_MOST = 10_000  # of one queue in one run


def fill_backorders(*, now: datetime | None = None) -> int:
    """Fill what waits from what is free, oldest first; returns how many units. Any number may run at once.

    A paid order's units become a sale, an unpaid one's are held until its deadline; an overdue order is passed over.
    A transaction an order. Locks: the order with its order group, the variant's counter, then the seller's levels of
    the variant in primary-key order. Raises Unavailable when one kept colliding; what was done before stays done.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CAN_BE_FILLED)
        pairs = cursor.fetchall()
    return sum(_fill_queue(variant_id, seller_id, now) for variant_id, seller_id in pairs)


def _fill_queue(variant_id: UUID, seller_id: UUID, now: datetime | None) -> int:
    """Serve a queue until its end, or until nothing is left."""
    queue = Backorder.objects.filter(variant=variant_id, seller=seller_id, status=BackorderStatus.WAITING)
    filled = 0
    # Read without a lock, so that placing does not wait for the sweep: each is looked at again under its order's.
    for backorder_id, order_id in queue.order_by("created_at", "id").values_list("pk", "item__order_id")[:_MOST]:
        work = partial(_fill_one, backorder_id, order_id, now)
        units = retry_transaction(lambda _again, work=work: work(), name="fill_backorder")  # type: ignore[misc]
        # Nothing is left to give, so those further back in the queue would find nothing either.
        if units is None:
            break
        filled += units
    return filled


def _fill_one(backorder_id: UUID, order_id: UUID, now: datetime | None) -> int | None:
    """Units that the backorder got, 0 when it is none any more; None when there is nothing left to give."""
    with outermost_transaction():
        group = lock_order_group(order_id)
        moment = now or database_now()
        order = group.member(order_id)
        # Again, under the lock: it may have been cancelled, or filled by another worker, since the queue was read.
        backorder = Backorder.objects.filter(pk=backorder_id, status=BackorderStatus.WAITING).first()
        if backorder is None or _is_over(group, order, moment):
            return 0
        # The counter before the levels, as in placing.
        BackorderCount.objects.select_for_update().get(pk=backorder.variant_id)
        levels = stock.lock(place := _level_ids(backorder))
        takes = _choose_levels(levels, place, backorder.waiting)
        if not takes:
            return None
        units = sum(quantity for _, quantity in takes)
        _fill_backorder(group, order, backorder, takes, levels, moment)
    log.info("backorder_filled", order=order.number, item=str(backorder.item_id), units=units)
    return units


def _is_over(group: OrderGroup, order: Order, now: datetime) -> bool:
    """Cancelled, or about to be: the sweep is on its way."""
    deadline = group.parent.payment_expires_at
    is_overdue = order.status == OrderStatus.PENDING and deadline is not None and deadline <= now
    return order.status == OrderStatus.CANCELLED or is_overdue


def _level_ids(backorder: Backorder) -> list[UUID]:
    """The seller's levels of the variant, in the order in which stock is taken from them."""
    levels = StockLevel.objects.filter(
        variant=backorder.variant_id, location__seller=backorder.seller_id, location__is_active=True
    )
    return list(levels.order_by("location__priority", "location_id").values_list("pk", flat=True))


def _choose_levels(levels: stock.Levels, place: Iterable[UUID], wanted: int) -> list[tuple[UUID, int]]:
    takes = []
    for level_id in place:
        units = min(levels[level_id].available, wanted)
        if units > 0:
            takes.append((level_id, units))
            wanted -= units
    return takes


def _fill_backorder(
    group: OrderGroup,
    order: Order,
    backorder: Backorder,
    takes: list[tuple[UUID, int]],
    levels: stock.Levels,
    now: datetime,
) -> None:
    units = sum(quantity for _, quantity in takes)
    backorder.filled_quantity += units
    done = backorder.filled_quantity == backorder.quantity
    backorder.status = BackorderStatus.FILLED if done else BackorderStatus.WAITING
    backorder.updated_at = now
    backorder.save(update_fields=["filled_quantity", "status", "updated_at"])
    lower_count(backorder.variant_id, units)
    change_order(
        order,
        kind=EventKind.EDITED,
        actor=SYSTEM,
        now=now,
        reason=reasons.GOODS_ARRIVED(),
        data={"backorder": str(backorder.pk), "item": str(backorder.item_id), "units": units},
    )
    taken = [Taken(backorder.item_id, level_id, units) for level_id, units in takes]
    # They fare as the order's other units do: held until it is paid, or sold already.
    if order.status == OrderStatus.PENDING:
        hold_units(levels, taken, actor=SYSTEM, expires_at=group.parent.payment_expires_at, now=now)
    else:
        sell_units(levels, taken, actor=SYSTEM, now=now)
