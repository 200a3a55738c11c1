"""What placing and changing orders leaves in the database: to prove that a refusal leaves nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from inventory.models.level import StockLevel
from inventory.models.movement import StockMovement
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.reservation import Reservation
from shared.models.idempotency_key import IdempotencyKey

_TABLES = (Order, OrderItem, Reservation, StockMovement, Payment, OrderEvent, IdempotencyKey)


def traces() -> dict[str, Any]:
    """How many rows each table has, and every stock level's and order's version, which any change raises."""
    counts = " UNION ALL ".join(f"SELECT '{model.__name__}', count(*) FROM {model._meta.db_table}" for model in _TABLES)
    with connection.cursor() as cursor:
        cursor.execute(counts)
        found: dict[str, Any] = dict(cursor.fetchall())
    found["levels"] = set(StockLevel.objects.values_list("id", "on_hand", "reserved", "version"))
    found["orders"] = set(Order.objects.values_list("id", "version", "status", "payment_status"))
    return found


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Fail if the block leaves any trace. Numbers from sequences may have gaps."""
    before = traces()
    yield
    assert traces() == before
