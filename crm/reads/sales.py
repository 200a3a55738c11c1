"""Sales of a period and of a customer: the sums that the worker keeps, and what was ordered since, counted live."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orders.models.sales import CustomerSales
from orders.reads.sales import (
    ALL_ORDERS,
    DAY,
    IS_CANCELLED,
    IS_EXPIRED,
    IS_PAID,
    IS_WHOLE,
    REVENUE,
    day_grid,
    days_between,
)
from shared.clock import day_of, shop_zone

# Orders since the sums were last kept; more of them than this are not looked at, and the figures say "at least".
MAX_SUMMED = 10_000
# A customer with up to so many orders is added up live.
MAX_LIVE = 1_000

_PERIOD = f"""
WITH rollup AS (SELECT as_of FROM orders_sales_rollup),
since_then AS MATERIALIZED (
    SELECT id, {DAY} AS day, currency, total, status, payment_status, cancel_reason
    FROM orders_order AS o
    WHERE created_at >= greatest(%(start)s::timestamptz, (SELECT as_of FROM rollup))
        AND {IS_WHOLE}
    ORDER BY created_at DESC, id DESC LIMIT %(most)s + 1
)
SELECT false, day, currency, placed, paid, expired, cancelled, revenue, as_of
FROM orders_daily_sales, rollup WHERE day >= %(since)s::date AND as_of IS NOT NULL
UNION ALL
SELECT true, day, currency, count(*), count(*) FILTER (WHERE {IS_PAID}), count(*) FILTER (WHERE {IS_EXPIRED}),
    count(*) FILTER (WHERE {IS_CANCELLED}), {REVENUE},
    (SELECT as_of FROM rollup)
FROM since_then AS o GROUP BY day, currency
"""  # noqa: S608 - every part is a constant of ours
_CUSTOMER = f"""
WITH rollup AS (SELECT as_of FROM orders_sales_rollup),
newest AS MATERIALIZED (
    SELECT id, currency, total, created_at, status, payment_status, {IS_PAID} AS is_paid FROM {ALL_ORDERS} AS o
    WHERE customer_id = %(customer)s AND {IS_WHOLE} ORDER BY created_at DESC, id DESC LIMIT %(most)s + 1
)
SELECT part, currency, count(*), count(*) FILTER (WHERE is_paid), {REVENUE},
    max(created_at), max(created_at) FILTER (WHERE is_paid), NULL
FROM newest AS o CROSS JOIN LATERAL (
    SELECT 'newest' AS part UNION ALL SELECT 'tail' WHERE o.created_at >= (SELECT as_of FROM rollup)
) AS parts GROUP BY part, currency
UNION ALL
SELECT 'kept', currency, placed, paid, revenue, last_placed_at, last_paid_order_at, as_of
FROM orders_customer_sales, rollup WHERE customer_id = %(customer)s AND as_of IS NOT NULL
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class DaySales:
    """The orders placed on a day of the shop's in a currency, and what became of them. `paid` were paid and not
    cancelled, with what was refunded later; `revenue` is what they cost less what was promised back."""

    day: date
    currency: str
    placed: int = 0
    paid: int = 0
    expired: int = 0
    cancelled: int = 0
    revenue: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sales:
    """One entry a day and currency, in order. `as_of`: orders placed before are counted as they were then, later ones
    as they are; None: all as they are. `is_least`: some orders were left out."""

    days: Sequence[DaySales]
    as_of: datetime | None
    is_least: bool


@dataclass(frozen=True, slots=True)
class Bought:
    """What a customer bought in one currency; `paid` and `revenue` as in DaySales."""

    currency: str
    placed: int
    paid: int
    revenue: Decimal
    last_placed_at: datetime
    last_paid_order_at: datetime | None

    def __add__(self, other: "Bought") -> "Bought":
        paid_at = [moment for moment in (self.last_paid_order_at, other.last_paid_order_at) if moment]
        return replace(
            self,
            placed=self.placed + other.placed,
            paid=self.paid + other.paid,
            revenue=self.revenue + other.revenue,
            last_placed_at=max(self.last_placed_at, other.last_placed_at),
            last_paid_order_at=max(paid_at, default=None),
        )


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    """By currency, the highest revenue first. `as_of` and `is_least` as in Sales."""

    bought: Sequence[Bought]
    as_of: datetime | None = None
    is_least: bool = False


def sales_since(first_day: date, *, most: int = MAX_SUMMED) -> Sales:
    """Sales by the shop's day from that day on. One statement; looks at the newest `most` orders that the sums do not
    hold yet."""
    days: dict[tuple[date, str], DaySales] = {}
    as_of, live = None, 0
    zone = shop_zone()
    # A day more than this machine's clock says: the database's may be ahead.
    last_day = max(first_day, day_of(datetime.now(UTC), zone)) + timedelta(days=1)
    grid = day_grid(days_between(first_day, last_day), zone)
    start = grid["starts"][0]
    for is_live, day, currency, *numbers, kept_until in _fetch_rows(
        _PERIOD, since=first_day, start=start, most=most, **grid
    ):
        as_of = kept_until
        live += numbers[0] if is_live else 0
        known = days.get((day, currency), DaySales(day, currency))
        old = (known.placed, known.paid, known.expired, known.cancelled, known.revenue)
        days[day, currency] = DaySales(day, currency, *(a + b for a, b in zip(old, numbers, strict=True)))
    return Sales([days[key] for key in sorted(days)], as_of, is_least=live > most)


def customer_figures(customer_id: UUID, *, most: int = MAX_LIVE) -> CustomerFigures:
    """What a customer bought, by currency: up to `most` orders added up as they are, beyond that the sums that are
    kept and the orders placed since. One statement; without sums, the newest `most` orders alone."""
    parts: dict[str, list[Bought]] = {"newest": [], "tail": [], "kept": []}
    as_of = None
    for part, *values, kept_until in _fetch_rows(_CUSTOMER, customer=customer_id, most=most):
        parts[part].append(Bought(*values))
        as_of = kept_until or as_of
    if sum(bought.placed for bought in parts["newest"]) <= most:
        return CustomerFigures(_ranked_by_currency(parts["newest"]))
    if as_of is None:
        return CustomerFigures(_ranked_by_currency(parts["newest"]), is_least=True)
    is_least = sum(bought.placed for bought in parts["tail"]) > most
    return CustomerFigures(_ranked_by_currency([*parts["kept"], *parts["tail"]]), as_of, is_least)


def _ranked_by_currency(parts: Sequence[Bought]) -> list[Bought]:
    by_currency: dict[str, Bought] = {}
    for bought in parts:
        known = by_currency.get(bought.currency)
        by_currency[bought.currency] = known + bought if known else bought
    return sorted(by_currency.values(), key=lambda bought: (-bought.revenue, bought.currency))


def top_customers(currency: str, limit: int) -> list[CustomerSales]:
    """Who bought most in that currency, as of the last time the sums were kept. Reads customer_sales_top."""
    best = CustomerSales.objects.filter(currency=currency, paid__gt=0).select_related("customer")
    return list(best.order_by("-revenue")[:limit])


def _fetch_rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
