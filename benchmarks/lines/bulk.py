"""What is done to very many rows at once, at a size that takes seconds, said for the size of its goal.

CPU of this process and the database, which other work on the machine changes by half at most; wall time says nothing
on a busy one. `statements` are those of the size that was measured.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks import many_rows
from benchmarks.cpu import tree_seconds
from benchmarks.figures import Figure
from benchmarks.meters import settle
from benchmarks.options import QUICK, Options
from benchmarks.stage import Stage

NAME = "bulk"
MOST_HELD_MS = 100.0
_QUICK_SHARE = 20  # of the sizes: to see that it works


@dataclass(frozen=True, slots=True)
class Task:
    """`size` rows are measured; for `goal` of them it may take `most` seconds."""

    name: str
    size: int
    goal: int
    most: float
    prepare: Callable[[Stage, int], many_rows.Work]


TASKS = (
    Task("payments confirmed from the list", 1_000, 5_000, 20, many_rows.confirmation),
    Task("customers imported, checked and written", 10_000, 100_000, 30, many_rows.import_of_customers),
    Task("orders of a merged customer", 10_000, 50_000, 5, many_rows.merge),
    Task("orders audited", 20_000, 1_000_000, 120, many_rows.audit_of_orders),
    Task("orders exported to CSV", 20_000, 1_000_000, 60, lambda stage, _: many_rows.export_of_orders(stage, "csv")),
    Task("orders exported to XLSX", 20_000, 1_000_000, 180, lambda stage, _: many_rows.export_of_orders(stage, "xlsx")),
)
LINES = 5_000


def run(stage: Stage, options: Options) -> list[Figure]:
    share = _QUICK_SHARE if options == QUICK else 1
    found = _long_document(stage, LINES if share == 1 else 2 * 500)
    for task in TASKS:
        found += _measure(stage, task, task.size // share)
    return found


def _measure(stage: Stage, task: Task, size: int) -> list[Figure]:
    from django.db import connection

    work = task.prepare(stage, size)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    settle()
    counted = _Statements()
    with connection.execute_wrapper(counted):
        before = _cpu(stage)
        work()
        seconds = _cpu(stage) - before
    name = f"{task.name}, for {task.goal:,} by {size:,}"
    return [
        Figure(NAME, f"{name}, CPU", seconds * task.goal / size, "s", "at most", task.most),
        Figure(NAME, f"{name}, statements", counted.sent, ""),
    ]


def _long_document(stage: Stage, lines: int) -> list[Figure]:
    """CPU from asking for a lot's level locks until after its commit: on a quiet machine, how long they are held."""
    from django.db import connection

    work = many_rows.receipt(stage, lines)
    settle()
    held = _Held(stage)
    with connection.execute_wrapper(held):
        work()
    longest = 1000 * max(held.seconds)
    return [
        Figure(NAME, f"a level held by a delivery of {lines:,} lines, CPU", longest, "ms", "at most", MOST_HELD_MS),
        Figure(NAME, "the same, lots", len(held.seconds), ""),
    ]


def _cpu(stage: Stage) -> float:
    return time.process_time() + tree_seconds(stage.postmaster)


class _Statements:
    """Counts what is sent."""

    def __init__(self) -> None:
        self.sent = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.sent += 1
        return execute(*arguments)


class _Held:
    """CPU from each statement that locks levels to its transaction's commit. The kernel counts that of other processes
    in hundredths of a second."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.seconds: list[float] = []

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        from django.db import transaction

        if "FOR NO KEY UPDATE" in sql and '"inventory_stock_level"' in sql:
            asked = _cpu(self._stage)
            transaction.on_commit(lambda: self.seconds.append(_cpu(self._stage) - asked))
        return execute(sql, *rest)
