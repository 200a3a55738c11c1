"""Making time pass for one order."""

from datetime import timedelta
from typing import Any

from orders.models.order import Order
from orders.models.reservation import Reservation
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from shared.clock import database_now


def make_overdue(order: dict[str, Any]) -> None:
    """Its payment was due a minute ago, and nobody has swept yet."""
    past = database_now() - timedelta(minutes=1)
    Order.objects.filter(pk=order["id"]).update(payment_expires_at=past)
    Reservation.objects.filter(item__order_id=order["id"]).update(expires_at=past)


def expire(order: dict[str, Any]) -> None:
    """Nobody paid it in time, and the sweep came."""
    make_overdue(order)
    assert expire_unpaid_orders() == 1
