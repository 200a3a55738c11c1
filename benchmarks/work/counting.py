"""How much a step of an order's life asks of Python and of PostgreSQL: counts, no clock.

Python's work is the calls it makes, its own functions' and C's; PostgreSQL's is statements, rows and pages touched, and
bytes of its log. With one client, nothing else running on the database, and neither vacuum nor whole page images in
between, two runs differ by less than a hundredth.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import psycopg

from benchmarks.life_steps import Step
from benchmarks.stage import Stage

# What would be done at its own time, and therefore be counted to a step or to none.
QUIET = {"autovacuum": "off", "full_page_writes": "off"}
_COUNTERS = """
    SELECT tup_returned + tup_fetched + tup_inserted + tup_updated + tup_deleted, blks_hit + blks_read,
        pg_current_wal_insert_lsn() - '0/0'::pg_lsn
    FROM pg_stat_database WHERE datname = current_database()
"""


@dataclass(frozen=True, slots=True)
class Work:
    """Of one request. `calls` is the median's, all else the mean."""

    calls: float
    statements: float
    rows: float
    pages: float
    log_bytes: float


@contextmanager
def quiet_database(stage: Stage) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection to a database that does only what it is asked."""
    with psycopg.connect(stage.superuser_url, autocommit=True) as connection:
        for name, value in QUIET.items():
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        connection.execute("SELECT pg_reload_conf()")
        try:
            yield connection
        finally:
            connection.execute("ALTER SYSTEM RESET ALL")
            connection.execute("SELECT pg_reload_conf()")


def count_work(observer: psycopg.Connection[Any], step: Step) -> Work:
    """Do the step, and say what it took for each of its orders."""
    from django.db import connection

    calls: list[int] = []
    statements = 0

    def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*arguments)

    before = _counters(observer)
    with connection.execute_wrapper(counted):
        for order in step.orders:
            calls.append(_calls(step.act, order))
    rows, pages, log_bytes = (after - so_far for after, so_far in zip(_counters(observer), before, strict=True))
    times = len(step.orders)
    return Work(median(calls), statements / times, rows / times, pages / times, log_bytes / times)


def _calls(act: Callable[[str], None], order: str) -> int:
    made = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal made
        if event in {"call", "c_call"}:
            made += 1

    sys.setprofile(count)
    try:
        act(order)
    finally:
        sys.setprofile(None)
    return made


def _counters(observer: psycopg.Connection[Any]) -> tuple[int, int, int]:
    """Rows, pages and log bytes so far, with those that the server's processes had yet to report."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
    found = observer.execute(_COUNTERS).fetchone()
    assert found is not None
    return int(found[0]), int(found[1]), int(found[2])
