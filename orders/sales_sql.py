"""Sums over orders, written by PostgreSQL straight from the rows: a day, or a customer, is added up anew as a whole, so
that doing it again changes nothing and a late payment needs no memory of what was counted before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

IS_PAID = "payment_status = 'PAID' AND status <> 'CANCELLED'"
IS_EXPIRED = "status = 'CANCELLED' AND cancel_reason = 'payment_timeout'"
IS_CANCELLED = "status = 'CANCELLED' AND cancel_reason <> 'payment_timeout'"

# Read along the primary key of the events, whose ids are in order of time: no index is there for this alone.
_TOUCHED = """
SELECT DISTINCT (o.created_at AT TIME ZONE 'UTC')::date, o.customer_id
FROM orders_order_event AS event JOIN orders_order AS o ON o.id = event.order_id
WHERE event.id >= %(first_event)s
"""
_DAYS = f"""
INSERT INTO orders_daily_sales (id, day, currency, placed, paid, expired, cancelled, revenue)
SELECT gen_random_uuid(), (created_at AT TIME ZONE 'UTC')::date, currency, count(*),
    count(*) FILTER (WHERE {IS_PAID}), count(*) FILTER (WHERE {IS_EXPIRED}), count(*) FILTER (WHERE {IS_CANCELLED}),
    coalesce(sum(total) FILTER (WHERE {IS_PAID}), 0)
FROM {{orders}} WHERE created_at < %(as_of)s GROUP BY 2, 3
"""  # noqa: S608 - every part is a constant of ours
_CUSTOMERS = f"""
INSERT INTO orders_customer_sales
    (id, customer_id, currency, placed, paid, revenue, last_placed_at, last_paid_order_at)
SELECT gen_random_uuid(), customer_id, currency, count(*), count(*) FILTER (WHERE {IS_PAID}),
    coalesce(sum(total) FILTER (WHERE {IS_PAID}), 0), max(created_at), max(created_at) FILTER (WHERE {IS_PAID})
FROM orders_order WHERE created_at < %(as_of)s {{of_some}} GROUP BY customer_id, currency
"""  # noqa: S608
# Each day's own stretch of the index on created_at, however many days there are.
_ORDERS_OF_DAYS = """
    unnest(%(days)s::date[]) AS touched (day) CROSS JOIN LATERAL (
        SELECT created_at, currency, status, payment_status, cancel_reason, total FROM orders_order
        WHERE created_at >= touched.day::timestamp AT TIME ZONE 'UTC'
          AND created_at < (touched.day + 1)::timestamp AT TIME ZONE 'UTC'
        OFFSET 0
    ) AS of_day
"""


@dataclass(frozen=True, slots=True)
class Touched:
    """Days on which orders were placed that have changed since, and whose orders they are."""

    days: Sequence[date]
    customers: Sequence[UUID]


def touched_since(first_event: UUID) -> Touched:
    """What the events from this id on are about."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"first_event": first_event})
        rows = cursor.fetchall()
    return Touched(sorted({day for day, _ in rows}), sorted({customer for _, customer in rows}))


def write_days(as_of: datetime, days: Sequence[date] | None) -> int:
    """Add up these days anew, or all; orders placed from `as_of` on are left out. Return how many rows that made."""
    with connection.cursor() as cursor:
        if days is None:
            cursor.execute("DELETE FROM orders_daily_sales")
            cursor.execute(_DAYS.format(orders="orders_order"), {"as_of": as_of})
        else:
            cursor.execute("DELETE FROM orders_daily_sales WHERE day = ANY(%s)", [days])
            cursor.execute(_DAYS.format(orders=_ORDERS_OF_DAYS), {"as_of": as_of, "days": days})
        written: int = cursor.rowcount
    return written


def write_customers(as_of: datetime, customers: Sequence[UUID] | None) -> None:
    """The same for these customers, or all."""
    with connection.cursor() as cursor:
        if customers is None:
            cursor.execute("DELETE FROM orders_customer_sales")
            cursor.execute(_CUSTOMERS.format(of_some=""), {"as_of": as_of})
        else:
            cursor.execute("DELETE FROM orders_customer_sales WHERE customer_id = ANY(%s)", [customers])
            of_some = "AND customer_id = ANY(%(customers)s)"
            cursor.execute(_CUSTOMERS.format(of_some=of_some), {"as_of": as_of, "customers": customers})


def take_time() -> None:
    """Adding up every order there is takes longer than a request may: this transaction has no limit."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
