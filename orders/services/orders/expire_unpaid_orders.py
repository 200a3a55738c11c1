"""Ending orders that were not paid in time, and giving their stock back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog
from django.db.models import DateTimeField, QuerySet, UUIDField
from django.db.models.functions import Coalesce, Now

from inventory.ledger import stock
from orders.lifecycle import reasons
from orders.lifecycle.locking import lock_order, lock_overdue_orders
from orders.models.order import Order
from orders.models.reservation import Reservation
from orders.reservations.backorders import cancel_backorders
from orders.reservations.expiry_sql import expire_orders
from orders.states import OrderStatus, ReservationStatus
from shared.clock import database_now
from shared.database.restored import restored_until
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.metrics.names import EXPIRED
from shared.metrics.recording import add
from shared.planner.compiled_query import CompiledQuery, EqualsAny, Param
from shared.planner.lookups import InlineWord

log = structlog.get_logger("kontor.orders")

# A request that is short of stock frees at most so many overdue orders itself; the sweep takes the rest.
MAX_FREED_BY_ONE_REQUEST = 500


def expire_unpaid_orders(*, now: datetime | None = None, batch_size: int = 200) -> int:
    """Cancel every unpaid order whose deadline is past; return how many. Any number of sweepers may run at once. None
    in a restored database that was not reconciled: what was paid since is not known here.

    A transaction a batch. Locks: the batch's orders, passing over locked ones, then all their stock levels in
    primary-key order. Raises Unavailable when a batch kept colliding; what was done before stays done.
    """
    expired = 0
    if _is_restored():
        return expired
    # What a try of unknown fate ended is overdue no more: the next batch finds the rest, so nothing is looked up.
    while done := retry_transaction(lambda _again: _expire_batch(now, batch_size), name="expire_unpaid_orders"):
        expired += done
        add(EXPIRED, amount=done)
    return expired


def expire_orders_holding(*, level_ids: Iterable[UUID], now: datetime | None = None) -> int:
    """Expire the overdue orders that hold these levels, oldest deadline first, each in its own transaction; return
    how many. Waits for whoever is paying or cancelling one of them, and then leaves it alone. None in a restored
    database, as above. Hold no lock here."""
    order_ids = overdue_orders_holding(level_ids=level_ids, now=now)
    expired = 0
    if order_ids and _is_restored():
        return expired
    for order_id in order_ids:
        done = retry_transaction(partial(_expire_one, order_id, now), name="expire_order")
        add(EXPIRED, amount=done)
        expired += done
    return expired


def _is_restored() -> bool:
    is_restored = restored_until() is not None
    if is_restored:
        log.warning("sweep_waits_for_reconciliation")
    return is_restored


def overdue_orders_holding(*, level_ids: Iterable[UUID], now: datetime | None = None) -> list[UUID]:
    """The orders that expire_orders_holding would expire, in its order. One statement, no locks."""
    # An order may hold several of the levels: each once, and still in the order of their deadlines.
    return list(dict.fromkeys(order_id for (order_id,) in _OVERDUE_ON.fetch(level_ids=list(level_ids), now=now)))


def _overdue_on_levels() -> QuerySet:
    """By the database's clock where `now` is none."""
    on_levels = Reservation.objects.filter(EqualsAny("level_id", Param("level_ids", UUIDField())))
    now = Coalesce(Param("now", DateTimeField()), Now())
    overdue = on_levels.filter(status=InlineWord(ReservationStatus.ACTIVE), expires_at__lte=now)
    parent_id_of = Coalesce("item__order__parent_id", "item__order_id")
    return overdue.order_by("expires_at").values_list(parent_id_of)[:MAX_FREED_BY_ONE_REQUEST]


_OVERDUE_ON = CompiledQuery(_overdue_on_levels)  # asked at every refusal of a sold-out variant


def _expire_batch(now: datetime | None, batch_size: int) -> int:
    with outermost_transaction():
        moment = now or database_now()
        orders = lock_overdue_orders(now=moment, limit=batch_size)
        _expire_locked(orders, moment)
    return len(orders)


def _expire_one(order_id: UUID, now: datetime | None, _again: bool) -> int:
    with outermost_transaction():
        order = lock_order(order_id)
        moment = now or database_now()
        deadline = order.payment_expires_at
        # Under the lock once more: it may have been paid, cancelled or extended since it was found.
        if order.status != OrderStatus.PENDING or deadline is None or deadline > moment:
            return 0
        _expire_locked({order.pk: order.number}, moment)
    return 1


def _expire_locked(orders: Mapping[UUID, str], now: datetime) -> None:
    """End locked, pending orders, given as id: number, and their sub-orders, and give back what they hold: levels are
    locked last."""
    if not orders:
        return
    seller_orders = Order.objects.filter(parent_id__in=list(orders)).order_by().values_list("pk", flat=True)
    ended = expire_orders([*orders, *seller_orders], now=now)
    cancel_backorders([*orders, *seller_orders], now=now)
    moves = [stock.Move(level, quantity, item) for level, quantity, item in ended]
    levels = stock.lock(move.level_id for move in moves)
    stock.release(levels, moves, reason=reasons.NOT_PAID_IN_TIME(), now=now)
    log.info("orders_expired", orders=list(orders.values()))
