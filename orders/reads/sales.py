"""Sums over orders, written by PostgreSQL straight from the rows: a day, or a customer, is added up anew as a whole, so
that doing it again changes nothing and a late payment needs no memory of what was counted before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from orders.states import MONEY_IS_HERE, in_sql
from shared.clock import day_of, shop_zone, start_of_day

# A sub-order is counted with its order.
IS_WHOLE = "parent_id IS NULL"
IS_PAID = f"payment_status IN ({in_sql(MONEY_IS_HERE)}) AND status <> 'CANCELLED'"
IS_EXPIRED = "status = 'CANCELLED' AND cancel_reason = 'payment_timeout'"
IS_CANCELLED = "status = 'CANCELLED' AND cancel_reason <> 'payment_timeout'"
# What the shop keeps of the orders `o`: their totals, less what was promised back. What an edit gave back is in no
# total any more, and an overpayment never was. Refunds are looked up where the state says that there are some.
REVENUE = f"""coalesce(sum(CASE payment_status
    WHEN 'PAID' THEN total
    WHEN 'PARTIALLY_REFUNDED' THEN greatest(0, total - (
        SELECT coalesce(sum(refund.amount), 0)
        FROM orders_payment AS paid JOIN orders_refund AS refund ON refund.payment_id = paid.id
        WHERE paid.order_id = o.id AND refund.status <> 'CANCELLED' AND refund.cause NOT IN ('edit', 'overpayment')))
    ELSE 0 END) FILTER (WHERE {IS_PAID}), 0)"""  # noqa: S608 - every part is a constant of ours

# Orders in the archive are as they were, but for their totals: these are what the shop kept of them.
_SUMMED = "id, created_at, currency, status, payment_status, cancel_reason, total, parent_id, customer_id"
_ARCHIVED = _SUMMED.replace(
    "payment_status", "CASE payment_status WHEN 'PARTIALLY_REFUNDED' THEN 'PAID' ELSE payment_status END"
).replace("total", "revenue")
ALL_ORDERS = f"(SELECT {_SUMMED} FROM orders_order UNION ALL SELECT {_ARCHIVED} FROM orders_archived_order)"  # noqa: S608

# The day of an order: the one of `days` whose first moment, in `starts`, was the last before it. The server may know
# other rules of a time zone than Python, or none, so it is asked for no day.
DAY = "(%(days)s::date[])[width_bucket(o.created_at, %(starts)s::timestamptz[])]"

# Reads order_event_at, the blocks of late. Every day begins with a quarter of an hour.
_TOUCHED = """
SELECT DISTINCT date_bin('15 minutes', o.created_at, 'epoch'), o.customer_id
FROM orders_order_event AS event JOIN orders_order AS o ON o.id = event.order_id
WHERE event.created_at >= %(since)s
"""
# Rows that are right already are not written again: most of half a million customers bought nothing since.
_DAYS = f"""
INSERT INTO orders_daily_sales AS kept (id, day, currency, placed, paid, expired, cancelled, revenue)
SELECT gen_random_uuid(), fresh.* FROM (
    SELECT {DAY} AS day, currency, count(*)::int AS placed,
        (count(*) FILTER (WHERE {IS_PAID}))::int AS paid, (count(*) FILTER (WHERE {IS_EXPIRED}))::int AS expired,
        (count(*) FILTER (WHERE {IS_CANCELLED}))::int AS cancelled,
        {REVENUE} AS revenue
    FROM {{orders}} AS o WHERE created_at < %(as_of)s AND {IS_WHOLE} GROUP BY 1, 2
) AS fresh LEFT JOIN orders_daily_sales AS old USING (day, currency)
WHERE (fresh.placed, fresh.paid, fresh.expired, fresh.cancelled, fresh.revenue)
    IS DISTINCT FROM (old.placed, old.paid, old.expired, old.cancelled, old.revenue)
ON CONFLICT (day, currency) DO UPDATE SET placed = excluded.placed, paid = excluded.paid, expired = excluded.expired,
    cancelled = excluded.cancelled, revenue = excluded.revenue
"""  # noqa: S608 - every part is a constant of ours
_CUSTOMERS = f"""
INSERT INTO orders_customer_sales AS kept
    (id, customer_id, currency, placed, paid, revenue, last_placed_at, last_paid_order_at)
SELECT gen_random_uuid(), fresh.* FROM (
    SELECT customer_id, currency, count(*)::int AS placed, (count(*) FILTER (WHERE {IS_PAID}))::int AS paid,
        {REVENUE} AS revenue, max(created_at) AS last_placed_at,
        max(created_at) FILTER (WHERE {IS_PAID}) AS last_paid_order_at
    FROM {ALL_ORDERS} AS o WHERE created_at < %(as_of)s AND {IS_WHOLE} {{of_some}} GROUP BY customer_id, currency
) AS fresh LEFT JOIN orders_customer_sales AS old USING (customer_id, currency)
WHERE (fresh.placed, fresh.paid, fresh.revenue, fresh.last_placed_at, fresh.last_paid_order_at)
    IS DISTINCT FROM (old.placed, old.paid, old.revenue, old.last_placed_at, old.last_paid_order_at)
ON CONFLICT (customer_id, currency) DO UPDATE SET placed = excluded.placed, paid = excluded.paid,
    revenue = excluded.revenue, last_placed_at = excluded.last_placed_at,
    last_paid_order_at = excluded.last_paid_order_at
"""  # noqa: S608
# An order may have gone to another customer; a day loses its orders only where the clock was set back.
_GONE_DAYS = """
DELETE FROM orders_daily_sales AS old USING unnest(%(days)s::date[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    AS touched (day, starts, ends)
WHERE old.day = touched.day AND NOT EXISTS (
    SELECT FROM orders_order WHERE currency = old.currency AND created_at < %(as_of)s
        AND created_at >= touched.starts AND created_at < touched.ends)
    AND NOT EXISTS (
    SELECT FROM orders_archived_order WHERE currency = old.currency
        AND created_at >= touched.starts AND created_at < touched.ends)
"""
# Of all days: each looked up by itself would be compared with every order.
_GONE_ANY_DAYS = f"""
DELETE FROM orders_daily_sales AS old WHERE NOT EXISTS (
    SELECT FROM (SELECT DISTINCT {DAY} AS day, currency FROM {ALL_ORDERS} AS o WHERE created_at < %(as_of)s) AS known
    WHERE known.day = old.day AND known.currency = old.currency)
"""  # noqa: S608 - every part is a constant of ours
_GONE_CUSTOMERS = """
DELETE FROM orders_customer_sales AS old WHERE {of_some} NOT EXISTS (
    SELECT FROM orders_order
    WHERE customer_id = old.customer_id AND currency = old.currency AND created_at < %(as_of)s)
    AND NOT EXISTS (
    SELECT FROM orders_archived_order WHERE customer_id = old.customer_id AND currency = old.currency)
"""
_FIRST = """
SELECT least((SELECT min(created_at) FROM orders_order), (SELECT min(created_at) FROM orders_archived_order))
"""
# Each day's own stretch of the index on created_at, however many days there are.
_ORDERS_OF_DAYS = f"""(
    SELECT of_day.* FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS touched (starts, ends)
    CROSS JOIN LATERAL (
        SELECT {_SUMMED} FROM orders_order WHERE created_at >= touched.starts AND created_at < touched.ends
        UNION ALL
        SELECT {_ARCHIVED} FROM orders_archived_order
        WHERE created_at >= touched.starts AND created_at < touched.ends
        OFFSET 0
    ) AS of_day
)"""  # noqa: S608 - every part is a constant of ours


@dataclass(frozen=True, slots=True)
class Touched:
    """The shop's days on which orders were placed that have changed since, and whose orders they are."""

    days: Sequence[date]
    customers: Sequence[UUID]


def touched_since(since: datetime) -> Touched:
    """What the events from this moment on are about."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"since": since})
        rows = cursor.fetchall()
    zone = shop_zone()
    return Touched(sorted({day_of(at, zone) for at, _ in rows}), sorted({customer for _, customer in rows}))


def write_days(as_of: datetime, days: Sequence[date] | None) -> int:
    """Add up these days anew, or all; orders placed from `as_of` on are left out. Return how many rows changed."""
    gone = _GONE_ANY_DAYS if days is None else _GONE_DAYS
    orders = ALL_ORDERS if days is None else _ORDERS_OF_DAYS
    zone = shop_zone()
    some = _every_day(as_of, zone) if days is None else sorted(days)
    ends = [start_of_day(day + timedelta(days=1), zone) for day in some]
    return _run_statements(gone, _DAYS.format(orders=orders), as_of=as_of, ends=ends, **day_grid(some, zone))


def day_grid(days: Sequence[date], zone: ZoneInfo) -> dict[str, list[Any]]:
    """What DAY asks for: these days in order, and when each begins in the zone."""
    return {"days": list(days), "starts": [start_of_day(day, zone) for day in days]}


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _every_day(as_of: datetime, zone: ZoneInfo) -> list[date]:
    """From the first order's on."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST)
        first = cursor.fetchone()[0]
    last = day_of(as_of, zone)
    return days_between(day_of(first, zone), last) if first and first < as_of else [last]


def write_customers(as_of: datetime, customers: Sequence[UUID] | None) -> int:
    """Add up the sales of these customers anew, or of all; return how many rows changed."""
    gone = _GONE_CUSTOMERS.format(of_some="" if customers is None else "customer_id = ANY(%(customers)s) AND")
    fresh = _CUSTOMERS.format(of_some="" if customers is None else "AND customer_id = ANY(%(customers)s)")
    return _run_statements(gone, fresh, as_of=as_of, customers=customers)


def _run_statements(*statements: str, **values: Any) -> int:
    changed = 0
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
            changed += cursor.rowcount
    return changed
