"""Filling a shop with years of orders."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from random import Random

from django.db import connection, transaction

from orders.generator.ballast import without_ballast, without_indexes
from orders.generator.history import ITEM_COLUMNS, ORDER_COLUMNS, Period, Plot
from orders.generator.opening import make_cast
from orders.generator.writers import write_ahead
from orders.models.order import NUMBER_SEQUENCE
from shared.clock import database_now
from shared.database.transactions import take_time

YEARS = 3
_BATCH = 10_000
# From so many orders on, building the indexes anew is faster than keeping them up to date row by row.
_MANY = 20_000
_TABLES = ("orders_order", "orders_order_item")
_ANALYZED = (*_TABLES, "users_customer", "catalog_variant", "catalog_product", "catalog_seller")


def generate_orders(*, orders: int, customers: int, seed: int, say: Callable[[str], None]) -> None:
    """Add `orders` orders of `customers` new customers over the last three years, and ANALYZE; one transaction.

    The same seed draws the same shop. `say` hears of the progress. With many orders the order tables are locked for
    everybody else meanwhile, with many customers theirs. Only orders and their lines are written: no payments, events,
    reservations or stock, so `manage.py audit` rightly says that these orders have none.
    """
    until = database_now()
    period = Period(orders, until - timedelta(days=365 * YEARS), until)
    with transaction.atomic(), connection.cursor() as cursor:
        take_time()
        # Whoever holds a table ends some time; a generation that gave up would have to begin anew.
        cursor.execute("SET LOCAL lock_timeout = 0")
        say(f"{customers:,} customers")
        random = Random(seed)  # noqa: S311 - invented data
        with without_indexes("users_customer", say=say) if customers >= _MANY else nullcontext():
            cast = make_cast(
                customers=customers, since=period.since, tag=f"bulk{int(until.timestamp())}", random=random
            )
            # A table with checks still pending takes no new index, and cannot lose a foreign key.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        plot = Plot(cast, period, _take_numbers(orders), seed)
        with without_ballast(*_TABLES, say=say) if orders >= _MANY else nullcontext():
            _copy_all(plot, say)
        say("analyzing")
        cursor.execute(f"ANALYZE {', '.join(_ANALYZED)}")


def _take_numbers(count: int) -> int:
    """The first of `count` order numbers in a row, taken from the sequence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [NUMBER_SEQUENCE])
        first: int = cursor.fetchone()[0]
        # All at once, rather than nextval a million times.
        cursor.execute("SELECT setval(%s, %s)", [NUMBER_SEQUENCE, first + count - 1])
    return first


def _copy_all(plot: Plot, say: Callable[[str], None]) -> None:
    total = plot.period.orders
    done = 0
    for count, orders, items in write_ahead(plot, batch_size=_BATCH):
        _copy_rows(f"COPY orders_order ({ORDER_COLUMNS}) FROM STDIN", orders)
        _copy_rows(f"COPY orders_order_item ({ITEM_COLUMNS}) FROM STDIN", items)
        done += count
        if done % (5 * _BATCH) == 0 or done == total:
            say(f"{done:,} of {total:,} orders ({done * 100 // total} %)")


def _copy_rows(statement: str, rows: str) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(rows)
