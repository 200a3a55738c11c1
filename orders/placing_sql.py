"""Claiming the key and writing an order with all its rows, in one statement.

As ORM calls these are six statements and a bulk_create's worth of Python each (docs/decisions/raw-sql.md has the
figures). Foreign keys are checked at commit, so the order of the parts does not
matter. Rows travel as JSON: psycopg takes ten times as long to write them as two dozen arrays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

# With a key: whoever inserts it first goes on; a twin waits here on the unique index until the first one ends, then
# claims nothing and writes nothing. Without: there is nothing to claim.
_CLAIM = """
    INSERT INTO orders_idempotency_key (order_id, principal_id, key, fingerprint, created_at)
    VALUES (%(order_id)s, %(principal_id)s, %(key)s, %(fingerprint)s, statement_timestamp())
    ON CONFLICT (principal_id, key) DO NOTHING
    RETURNING true
"""
_NO_CLAIM = "SELECT true"

_WRITE = """
WITH claim AS ({claim}),
clock AS (
    SELECT now, now + make_interval(mins => nullif(%(hold_minutes)s, 0)) AS deadline
    FROM claim, coalesce(%(now)s::timestamptz, clock_timestamp()) AS now
),
buyer AS (
    SELECT id, name, email FROM users_customer WHERE id = %(customer_id)s
),
placed AS (
    INSERT INTO orders_order (id, number, customer_id, customer_name, customer_email, status, payment_status, currency,
                              subtotal, discount_total, tax_total, shipping_total, total, note, cancel_reason,
                              payment_expires_at, version, created_at, updated_at)
    SELECT %(order_id)s, nextval('orders_order_number_seq')::text, buyer.id, buyer.name, buyer.email,
           'PENDING', 'PENDING', %(currency)s, %(subtotal)s, 0, %(tax_total)s, 0, %(total)s,
           %(note)s, '', deadline, 1, now, now
    FROM clock, buyer
    RETURNING number, customer_name, customer_email, created_at, payment_expires_at
),
items AS (
    INSERT INTO orders_order_item (id, order_id, position, variant_id, seller_id, sku, name, quantity, unit_price,
                                   tax_rate, total_price, tax_amount, refunded_quantity, status)
    SELECT id, %(order_id)s, position, variant_id, seller_id, sku, name, quantity, unit_price,
           tax_rate, total_price, tax_amount, 0, 'PENDING'
    FROM clock, json_to_recordset(%(items)s::json) AS item (
        id uuid, position smallint, variant_id uuid, seller_id uuid, sku text, name text, quantity int,
        unit_price numeric, tax_rate numeric, total_price numeric, tax_amount numeric
    )
),
reservations AS (
    INSERT INTO orders_reservation (id, item_id, level_id, quantity, status, expires_at, created_at, updated_at)
    SELECT id, item_id, level_id, quantity, 'active', deadline, now, now
    FROM clock, json_to_recordset(%(holds)s::json) AS hold (id uuid, item_id uuid, level_id uuid, quantity int)
),
event AS (
    INSERT INTO orders_order_event (id, order_id, kind, from_status, to_status, actor_id, reason, created_at)
    SELECT %(event_id)s, %(order_id)s, 'placed', '', 'PENDING', %(actor_id)s::uuid, '', now
    FROM clock
)
SELECT number, customer_name, customer_email, created_at, payment_expires_at FROM placed
"""
_WRITE_WITH_KEY = _WRITE.format(claim=_CLAIM)
_WRITE_WITHOUT_KEY = _WRITE.format(claim=_NO_CLAIM)


@dataclass(frozen=True, slots=True)
class Written:
    """What the database decided."""

    number: str
    customer_name: str
    customer_email: str
    created_at: datetime
    payment_expires_at: datetime | None


def write_order(values: dict[str, Any], *, with_key: bool) -> Written | None:
    """Write the rows. None: another order holds the key (a twin in flight is waited for), or there is no such
    customer; then the transaction must be rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_WITH_KEY if with_key else _WRITE_WITHOUT_KEY, values)
        rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
    return Written(*rows[0]) if rows else None
