"""Filling a shop with years of orders."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from itertools import islice
from random import Random

from django.db import connection, transaction

from orders.bulk.ballast import without_ballast
from orders.bulk.cast import make_cast
from orders.bulk.history import ITEM_COLUMNS, ORDER_COLUMNS, Period, write_history
from orders.models.order import NUMBER_SEQUENCE
from shared.clock import database_now

YEARS = 3
_BATCH = 50_000
# From so many orders on, building the indexes anew is faster than keeping them up to date row by row.
_MANY = 20_000
_TABLES = ("orders_order", "orders_order_item")
_ANALYZED = (*_TABLES, "users_customer", "catalog_variant", "catalog_product", "catalog_seller")


def generate_orders(*, orders: int, customers: int, seed: int, say: Callable[[str], None]) -> None:
    """Add `orders` orders of `customers` new customers over the last three years, and ANALYZE; one transaction.

    The same seed draws the same shop. `say` hears of the progress. With many orders the order tables are locked for
    everybody else meanwhile. Only orders and their lines are written: no payments, events, reservations or stock, so
    `manage.py audit` rightly says that these orders have none.
    """
    random = Random(seed)  # noqa: S311 - invented data
    until = database_now()
    period = Period(orders, until - timedelta(days=365 * YEARS), until)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        say(f"{customers:,} customers")
        cast = make_cast(customers=customers, since=period.since, tag=f"bulk{int(until.timestamp())}", random=random)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still pending cannot lose a foreign key
        first_number = _take_numbers(orders)
        history = write_history(cast, period, first_number, random)
        with without_ballast(*_TABLES, say=say) if orders >= _MANY else nullcontext():
            _copy_all(history, orders, say)
        say("analyzing")
        cursor.execute(
            f"ANALYZE {', '.join(_TABLES)}, users_customer, catalog_variant, catalog_product, catalog_seller"
        )


def _take_numbers(count: int) -> int:
    """The first of `count` order numbers in a row, taken from the sequence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [NUMBER_SEQUENCE])
        first: int = cursor.fetchone()[0]
        cursor.execute("SELECT setval(%s, %s)", [NUMBER_SEQUENCE, first + count - 1])
    return first


def _copy_all(history: Iterator[tuple[str, str]], total: int, say: Callable[[str], None]) -> None:
    done = 0
    while done < total:
        items: list[str] = []
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY orders_order ({ORDER_COLUMNS}) FROM STDIN") as copy:
                for order, lines in islice(history, _BATCH):
                    copy.write(order)
                    items.append(lines)
            with cursor.copy(f"COPY orders_order_item ({ITEM_COLUMNS}) FROM STDIN") as copy:
                for start in range(0, len(items), 500):
                    copy.write("".join(items[start : start + 500]))
        done += len(items)
        say(f"{done:,} of {total:,} orders ({done * 100 // total} %)")
