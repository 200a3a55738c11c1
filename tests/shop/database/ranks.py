"""Whom and what to ask full tables for: the best customer, a middling seller, the largest order."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection


def one(sql: str) -> Any:
    """The first value of the first row."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def customer_of_rank(rank: int) -> Any:
    sql = "SELECT customer_id FROM orders_order GROUP BY 1 ORDER BY count(*) DESC OFFSET"
    return str(one(f"{sql} {rank} LIMIT 1"))


def seller_of_rank(rank: int) -> Any:
    sql = "SELECT seller_id FROM orders_order_item GROUP BY 1 ORDER BY count(*) DESC OFFSET"
    return str(one(f"{sql} {rank} LIMIT 1"))


def total_of_rank(rank: int) -> str:
    return str(one(f"SELECT total FROM orders_order ORDER BY total DESC OFFSET {rank} LIMIT 1"))


def days_ago(days: int) -> Any:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


def seller_gone_longest() -> str:
    """Whose newest line is the oldest."""
    return str(one("SELECT seller_id FROM orders_order_item GROUP BY 1 ORDER BY max(id::text) LIMIT 1"))
