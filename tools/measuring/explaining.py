"""What a piece of code costs PostgreSQL, and what it would cost without an index."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection, transaction

_EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) "
Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cost:
    """Of all SELECTs together: the median time in the database, pages of 8 KiB looked at, and how it is done."""

    milliseconds: float
    buffers: int
    steps: tuple[str, ...]


def explain(run: Callable[[], object], *, times: int) -> Cost:
    """Note the SELECTs that `run` sends and execute each `times` times under EXPLAIN ANALYZE."""
    statements = list(_sent_by(run))
    costs = [_explain_runs(sql, params, times) for sql, params in statements]
    return Cost(
        sum(cost.milliseconds for cost in costs),
        sum(cost.buffers for cost in costs),
        tuple(step for cost in costs for step in cost.steps),
    )


@contextmanager
def without_index(name: str) -> Iterator[None]:
    """Nobody has the index inside of this; it is there again afterwards. Locks its table for everybody meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        yield
        transaction.set_rollback(True)


def _sent_by(run: Callable[[], object]) -> list[tuple[str, Any]]:
    sent: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "(SELECT")):
            sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        run()
    return sent


def _explain_runs(sql: str, params: Any, times: int) -> Cost:
    runs = []
    with connection.cursor() as cursor:
        for _ in range(times):
            cursor.execute(_EXPLAIN + sql, params)
            (document,) = cursor.fetchone()
            runs.append((json.loads(document) if isinstance(document, str) else document)[0])
    root: Node = runs[-1]["Plan"]
    buffers = root["Shared Hit Blocks"] + root["Shared Read Blocks"]
    return Cost(median(run["Execution Time"] for run in runs), buffers, tuple(_steps_of_plan(root)))


def _steps_of_plan(node: Node) -> Iterator[str]:
    """How rows are found and put in order, in few words."""
    if "Index Name" in node:
        yield node["Index Name"]
    elif node["Node Type"] in {"Seq Scan", "Sort", "Incremental Sort"}:
        yield f"{node['Node Type']} of {node['Relation Name']}" if "Relation Name" in node else node["Node Type"]
    for child in node.get("Plans", []):
        yield from _steps_of_plan(child)
