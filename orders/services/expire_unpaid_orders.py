"""Ending orders that were not paid in time, and giving their stock back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from orders.holds import active_holds, end_holds
from orders.locking import lock_order, lock_overdue_orders
from orders.models.order import Order
from orders.models.order_event import EventKind
from orders.models.reservation import Reservation
from orders.order_changes import change_orders
from orders.order_state import CancelReason, OrderStatus, ReservationStatus
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.transactions import outermost_transaction, retry_transaction

# A request that is short of stock frees at most so many overdue orders itself; the sweep takes the rest.
MAX_FREED_BY_ONE_REQUEST = 500


def expire_unpaid_orders(*, now: datetime | None = None, batch_size: int = 200) -> int:
    """Cancel every unpaid order whose deadline is past; return how many. Any number of sweepers may run at once.

    A transaction a batch. Locks: the batch's orders, passing over locked ones, then all their stock levels in
    primary-key order. Raises Unavailable when a batch kept colliding; what was done before stays done.
    """
    expired = 0
    while done := retry_transaction(lambda _again: _expire_batch(now, batch_size), name="expire_unpaid_orders"):
        expired += done
    return expired


def expire_orders_holding(*, level_ids: Iterable[UUID], now: datetime | None = None) -> int:
    """Expire the overdue orders that hold these levels, oldest deadline first, each in its own transaction; return
    how many. Waits for whoever is paying or cancelling one of them, and then leaves it alone. Hold no lock here."""
    overdue = (
        Reservation.objects.filter(
            level_id__in=list(level_ids),
            status=ReservationStatus.ACTIVE,
            expires_at__lte=now or database_now(),
        )
        .order_by("expires_at")
        .values_list("item__order_id", flat=True)
    )
    order_ids = dict.fromkeys(overdue[:MAX_FREED_BY_ONE_REQUEST])
    return sum(retry_transaction(partial(_expire_one, order_id, now), name="expire_order") for order_id in order_ids)


def _expire_batch(now: datetime | None, batch_size: int) -> int:
    with outermost_transaction():
        moment = now or database_now()
        orders = lock_overdue_orders(now=moment, limit=batch_size)
        _expire(orders, moment)
    return len(orders)


def _expire_one(order_id: UUID, now: datetime | None, _again: bool) -> int:
    with outermost_transaction():
        order = lock_order(order_id)
        moment = now or database_now()
        deadline = order.payment_expires_at
        if order.status != OrderStatus.PENDING or deadline is None or deadline > moment:
            return 0
        _expire([order], moment)
    return 1


def _expire(orders: Sequence[Order], now: datetime) -> None:
    if not orders:
        return
    change_orders(
        orders,
        kind=EventKind.EXPIRED,
        status=OrderStatus.CANCELLED,
        actor=SYSTEM,
        now=now,
        reason=CancelReason.PAYMENT_TIMEOUT.label,
        cancelled_at=now,
        cancel_reason=CancelReason.PAYMENT_TIMEOUT,
    )
    holds = active_holds(order.pk for order in orders)
    end_holds(holds, as_status=ReservationStatus.EXPIRED, actor=SYSTEM, now=now, reason="not paid in time")
