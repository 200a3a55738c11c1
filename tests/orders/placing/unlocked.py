"""The shop with its guards taken away, to show what each of them is for."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tests.shop.books import sql
from tests.shop.database.races import PATIENCE_SECONDS

# What keeps two writers that saw the same level apart when no lock does.
GUARDS = [
    ("inventory_stock_level", "stock_never_oversold"),
    ("inventory_stock_movement", "movement_balances_never_oversold"),
    ("inventory_stock_movement", "one_movement_per_level_version"),
]


class UnlockedStock:
    """Reads stock levels without locking them, and lets nobody write before everybody has read."""

    def __init__(self, readers: int) -> None:
        self._all_have_read = threading.Barrier(readers)
        self._seen = threading.local()

    def __call__(self, execute: Callable, query: str, params: Any, many: bool, context: dict) -> Any:
        if "inventory_stock_level" not in query or " FOR NO KEY UPDATE" not in query:
            return execute(query, params, many, context)
        result = execute(query[: query.index(" FOR NO KEY UPDATE")], params, many, context)
        if not getattr(self._seen, "once", False):
            self._seen.once = True
            self._all_have_read.wait(PATIENCE_SECONDS)
        return result


@contextmanager
def guards_dropped() -> Iterator[None]:
    """Without the constraints of GUARDS; they return when the block ends, over emptied tables."""
    definitions = [
        (
            table,
            name,
            sql("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", name)[0][0],
        )
        for table, name in GUARDS
    ]
    for table, name, _ in definitions:
        sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        sql("TRUNCATE inventory_stock_level CASCADE")
        for table, name, definition in definitions:
            sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def unlocked(work: Callable[[], Any], stock: UnlockedStock) -> Any:
    """Run `work` on the thread's connection without the lock on stock levels."""
    with connection.execute_wrapper(stock):
        return work()
