"""Ending locked, unpaid orders and their holds in one statement, however many they are.

As ORM calls these were five statements and four objects an order, and Python took twice as long as PostgreSQL over
them (docs/decisions/raw-sql.md has the figures).
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from orders.lifecycle import reasons
from orders.models.order_event import event_data
from orders.states import CancelReason
from shared.ids import new_id

_EXPIRE = """
WITH overdue AS (
    SELECT * FROM json_to_recordset(%(orders)s::json) AS o (order_id uuid, event_id uuid)
),
owed AS (
    UPDATE orders_payment AS payment
    SET status = 'REFUND_DUE'
    FROM overdue
    WHERE payment.order_id = overdue.order_id AND payment.status = 'UNDERPAID'
    RETURNING payment.order_id
),
cancelled AS (
    UPDATE orders_order AS o
    SET status = 'CANCELLED', cancelled_at = %(now)s, cancel_reason = 'payment_timeout', version = o.version + 1,
        updated_at = %(now)s,
        payment_status = CASE WHEN o.id IN (SELECT order_id FROM owed) OR o.parent_id IN (SELECT order_id FROM owed)
                              THEN 'REFUND_DUE' ELSE o.payment_status END
    FROM overdue
    WHERE o.id = order_id
),
items AS (
    UPDATE orders_order_item AS item
    SET status = 'CANCELLED'
    FROM overdue
    WHERE item.order_id = overdue.order_id AND item.status = 'PENDING'
),
given_back AS (
    DELETE FROM orders_coupon_use AS used USING overdue WHERE used.order_id = overdue.order_id RETURNING coupon_id
),
locked AS (
    -- In primary-key order, so that two of these statements cannot wait for each other.
    SELECT id FROM orders_coupon WHERE id IN (SELECT coupon_id FROM given_back) ORDER BY id FOR NO KEY UPDATE
),
coupons AS (
    UPDATE orders_coupon AS coupon
    SET used_count = coupon.used_count - (SELECT count(*) FROM given_back WHERE given_back.coupon_id = locked.id)
    FROM locked
    WHERE coupon.id = locked.id
),
events AS (
    INSERT INTO orders_order_event (id, order_id, kind, from_status, to_status, reason, data, created_at)
    SELECT event_id, order_id, 'expired', 'PENDING', 'CANCELLED', %(reason)s, %(data)s::jsonb, %(now)s
    FROM overdue
)
UPDATE orders_reservation AS hold
SET status = 'expired', updated_at = %(now)s
FROM overdue JOIN orders_order_item AS item USING (order_id)
WHERE hold.item_id = item.id AND hold.status = 'active'
RETURNING hold.level_id, hold.quantity, hold.item_id
"""


def expire_orders(order_ids: Sequence[UUID], *, now: datetime) -> list[tuple[UUID, int, UUID]]:
    """Cancel the orders, which must be locked and PENDING: state, version, items, event, reservations; their coupons
    may be used again. What came in for them and was too little is now to be given back. The answer has what they held:
    level, quantity, order item."""
    orders = [{"order_id": str(order_id), "event_id": str(new_id())} for order_id in order_ids]
    reason = reasons.CANCELLED[CancelReason.PAYMENT_TIMEOUT]()
    data = json.dumps(event_data(reason))
    values: dict[str, Any] = {"orders": json.dumps(orders), "reason": reason, "data": data, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE, values)
        held: list[tuple[UUID, int, UUID]] = cursor.fetchall()
    return held
