"""The reads that people wait for most, with the values that make each hardest on the data that is there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from orders.models.order import Order
from orders.reads import orders as queries
from orders.reads.newest import Stretch, newest_ids_of_kind, newest_ids_worth
from shared.clock import database_now

PAGE = 20
_STRETCH = Stretch(PAGE + 1)
_TOTALS = "SELECT percentile_disc(ARRAY[0.5, 0.99, 0.9999]) WITHIN GROUP (ORDER BY total) FROM orders_order"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class HotRead:
    """`run` sends the read's statements; `index` is the one built for it."""

    name: str
    index: str
    run: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Samples:
    """Who and what is asked about. `totals`: reached by half, one in 100 and one in 10,000 of all orders."""

    customer_id: UUID
    largest_seller_id: UUID
    middling_seller_id: UUID
    totals: tuple[Decimal, Decimal, Decimal]
    page_ids: list[UUID]
    now: datetime


def take_samples() -> Samples:
    """Read the whole order tables once. Raises IndexError when they are empty."""
    sellers = _read_column("SELECT seller_id FROM orders_order_item GROUP BY 1 ORDER BY count(*) DESC")
    return Samples(
        customer_id=_read_column("SELECT customer_id FROM orders_order GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")[0],
        largest_seller_id=sellers[0],
        middling_seller_id=sellers[len(sellers) * 3 // 10],
        totals=tuple(_read_column(_TOTALS)[0]),
        page_ids=list(Order.objects.order_by("-created_at", "-id").values_list("pk", flat=True)[:PAGE]),
        now=database_now(),
    )


def hot_reads(samples: Samples) -> Iterator[HotRead]:
    """Pages of 20: first the reads with a name in orders.reads.orders, then the lists by one filter."""
    yield from _named_reads(samples)
    yield HotRead("all orders", "order_created", lambda: _read_page(Order.objects.order_by("-created_at", "-id")))
    for status in ("DELIVERED", "PENDING"):
        yield HotRead(f"orders of status {status}", "order_status_created", _of_kind(status=status))
    for status in ("PAID", "REFUND_DUE"):
        yield HotRead(f"orders of payment status {status}", "order_payment_created", _of_kind(payment_status=status))
    for name, seller_id in (("the largest", samples.largest_seller_id), ("a middling", samples.middling_seller_id)):
        yield HotRead(f"{name} seller's orders", "item_seller_listed", _sold_by(seller_id))
    for share, total in zip(("every second", "1 in 100", "1 in 10,000"), samples.totals, strict=True):
        yield HotRead(f"orders of at least {total} ({share})", "order_worth_created", _read_worth(total))


def _named_reads(samples: Samples) -> Iterator[HotRead]:
    month, customer = samples.now - timedelta(days=120), samples.customer_id
    of_month = queries.month_of_orders(status="DELIVERED", month=month)
    large = queries.month_of_orders(status="DELIVERED", month=month, min_total=Decimal(20))
    cancelled = queries.customer_orders(customer, status="CANCELLED", since=_LONG_AGO, until=samples.now)
    history = queries.customer_history(customer)
    since = queries.orders_with_products_since(samples.now - timedelta(days=365))
    shipped = queries.seller_items(samples.largest_seller_id, status="SHIPPED")
    yield HotRead("a month's orders by status", "order_status_created", lambda: _read_page(of_month))
    yield HotRead("the same, with a total of at least 20", "order_status_created", lambda: _read_page(large))
    yield HotRead("a customer's history", "order_customer_created", lambda: _read_page(history))
    yield HotRead("a customer's orders by status and date", "order_customer_status", lambda: _read_page(cancelled))
    yield HotRead("the board of orders in progress", "order_status_created", lambda: queries.active_orders(limit=PAGE))
    yield HotRead("a seller's items by status", "item_seller_status", lambda: _read_page(shipped))
    yield HotRead("orders since a date", "order_created", lambda: _read_page(since))
    yield HotRead(
        "the items of 20 orders", "orders_order_item_order_id_0aa11889", lambda: _read_items(samples.page_ids)
    )


def _read_page(rows: QuerySet) -> None:
    """A page without what is prefetched: the items have a line of their own."""
    list(rows.prefetch_related(None)[:PAGE])


def _read_items(order_ids: list[UUID]) -> None:
    list(queries.items_with_order().filter(order_id__in=order_ids).order_by("position"))


def _fetch_page(ids: list[UUID]) -> None:
    _read_page(Order.objects.filter(pk__in=ids).order_by("-created_at", "-id"))


def _of_kind(**kind: Any) -> Callable[[], None]:
    return lambda: _fetch_page(newest_ids_of_kind(_STRETCH, **kind))


def _read_worth(total: Decimal) -> Callable[[], None]:
    return lambda: _fetch_page(newest_ids_worth(total, _STRETCH))


def _sold_by(seller_id: UUID) -> Callable[[], None]:
    return lambda: _read_page(queries.seller_orders(seller_id))


def _read_column(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]
