"""What an order holds of the stock, and what becomes of it. The order must be locked."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from inventory.ledger import stock
from orders.states import ReservationStatus
from shared.actor import Actor

# To end them and to find out which they are takes one statement.
_END = """
UPDATE orders_reservation AS hold
SET status = %s, updated_at = %s
FROM orders_order_item AS item
WHERE item.order_id = ANY(%s) AND hold.item_id = item.id AND hold.status = 'active'
RETURNING hold.id, hold.level_id, hold.quantity, hold.item_id
"""


def end_holds(
    order_ids: Sequence[UUID],
    *,
    as_status: ReservationStatus,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """Sell what these orders hold (CONVERTED) or give it back (CANCELLED). 3 statements for any number of holds.

    Locks the stock levels, in primary-key order: call it last in the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(_END, [as_status.value, now, list(order_ids)])
        # RETURNING promises no order, and the ledger should read alike however PostgreSQL ran the statement.
        held = sorted(cursor.fetchall())  # as they were made
    if not held:
        return
    moves = [stock.Move(level_id, quantity, item_id, actor.user_id) for _id, level_id, quantity, item_id in held]
    # The reservations are ended first: they hang on the order, whose lock comes before that of any level.
    levels = stock.lock(move.level_id for move in moves)
    if as_status == ReservationStatus.CONVERTED:
        stock.convert(levels, moves, now=now)
    else:
        stock.release(levels, moves, reason=reason, now=now)
