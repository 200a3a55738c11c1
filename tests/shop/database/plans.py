"""What PostgreSQL does for a call: its statements, explained again one by one as they were sent."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import psycopg.sql
from django.db import connection

BIG = {"orders_order", "orders_order_item"}
# A sort of so many rows is a page being put in order; more is a whole result being sorted to show a page of it.
PAGE_SORT = 1_500
Node = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """One statement's plan as it ran."""

    sql: str
    root: Node

    @property
    def nodes(self) -> list[Node]:
        return list(_walk(self.root))

    @property
    def indexes(self) -> set[str]:
        return {node["Index Name"] for node in self.nodes if "Index Name" in node}

    @property
    def buffers(self) -> int:
        """Pages of 8 KiB that were looked at."""
        return int(self.root["Shared Hit Blocks"] + self.root["Shared Read Blocks"])

    @property
    def rows_read(self) -> int:
        """Of the step that reads most: rows found, and rows looked at and discarded."""
        return max(_rows_of(node) for node in self.nodes)

    @property
    def faults(self) -> list[str]:
        """Sequential scans of big tables, and sorts of more than pages."""
        found = [f"{n['Node Type']} on {n['Relation Name']}" for n in self.nodes if n.get("Relation Name") in BIG]
        scans = [text for text in found if text.startswith("Seq Scan")]
        sorts = [n for n in self.nodes if n["Node Type"] == "Sort" and _rows_below(n) > PAGE_SORT]
        return scans + [f"Sort of {_rows_below(n):.0f} rows" for n in sorts]


def plans_of(call: Callable[[], Any]) -> list[Plan]:
    """Run `call` and explain each SELECT that it sent about orders."""
    sent: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        call()
    return [explain_statement(sql, params) for sql, params in sent if _ABOUT_ORDERS.search(sql)]


_ABOUT_ORDERS = re.compile(r'FROM "?orders_(order|order_item)"?\W')


def explain_statement(sql: str, params: Any) -> Plan:
    """The plan that a connection ends up with which sends the statement again and again, as the web's do: after five
    times PostgreSQL may keep one plan for whatever values come."""
    return first_and_kept(sql, params)[1]


def first_and_kept(sql: str, params: Any) -> tuple[Plan, Plan]:
    """The plan for just these values, as a new connection makes it, and the one that it ends up with."""
    plans = _explained(sql, params, lasting=True)
    return plans[0], plans[-1]


def _explained(sql: str, params: Any, *, lasting: bool) -> list[Plan]:
    text, values = _numbered(sql, params or ())
    arguments = psycopg.sql.SQL(", ").join(map(psycopg.sql.Literal, values))
    execute = psycopg.sql.SQL("EXECUTE explained ({})" if values else "EXECUTE explained").format(arguments)
    choose = psycopg.sql.SQL("EXPLAIN ") + execute  # counts as a run when the plan to keep is chosen
    with connection.cursor() as cursor:
        types = ", ".join("interval" if isinstance(value, timedelta) else "unknown" for value in values)
        cursor.execute(f"PREPARE explained {f'({types})' if values else ''} AS {text}")
        plans = [_run(cursor, execute, sql)]
        if lasting and values:  # else there is one plan from the beginning
            for _ in range(_FIRST_RUNS):
                cursor.execute(choose.as_string(connection.connection))
            cursor.execute("SELECT generic_plans > 0 FROM pg_prepared_statements WHERE name = 'explained'")
            (is_another,) = cursor.fetchone()
            plans.append(_run(cursor, execute, sql) if is_another else plans[0])
        cursor.execute("DEALLOCATE explained")
    return plans


# After five runs with a plan for just their values PostgreSQL makes one for whatever values come, and keeps it unless
# it costs more than those did on average.
_FIRST_RUNS = 5


def _run(cursor: Any, execute: psycopg.sql.Composed, sql: str) -> Plan:
    query = psycopg.sql.SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ") + execute
    with nullcontext() if _IS_READ.match(sql) else _undone():
        cursor.execute(query.as_string(connection.connection))
        (document,) = cursor.fetchone()
    return _plan(sql, document)


_IS_READ = re.compile(r"\s*\(?\s*SELECT", re.IGNORECASE)


@contextmanager
def _undone() -> Iterator[None]:
    """What is written is rolled back, as the next run of the statement must find everything as it was. Said past
    psycopg, which forgets what is prepared when it hears of a rollback."""
    link = connection.connection.pgconn
    link.exec_(b"SAVEPOINT before_explaining")
    try:
        yield
    finally:
        link.exec_(b"ROLLBACK TO SAVEPOINT before_explaining")
        link.exec_(b"RELEASE SAVEPOINT before_explaining")


def _plan(sql: str, document: Any) -> Plan:
    return Plan(sql, (json.loads(document) if isinstance(document, str) else document)[0]["Plan"])


def _numbered(sql: str, params: Any) -> tuple[str, list[Any]]:
    """Python's placeholders as PREPARE's, and the values in their order."""
    if not isinstance(params, dict):
        numbers = count(1)
        return re.sub(r"%s", lambda _: f"${next(numbers)}", sql).replace("%%", "%"), list(params)
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", sql)))
    return re.sub(r"%\((\w+)\)s", lambda m: f"${names.index(m[1]) + 1}", sql), [params[name] for name in names]


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.get("Plans", []):
        yield from _walk(child)


def most_read(sql: str, params: Any) -> int:
    """Rows read by either plan of a statement."""
    return max(plan.rows_read for plan in first_and_kept(sql, params))


def first_read(sql: str, params: Any) -> int:
    """Rows read by the plan that a new connection makes."""
    return _explained(sql, params, lasting=False)[0].rows_read


def _rows_of(node: Node) -> int:
    """A step's rows: found, and looked at and discarded; none where it never ran."""
    lost = ("Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck")
    return int((node["Actual Rows"] + sum(node.get(reason, 0) for reason in lost)) * node["Actual Loops"])


def _rows_below(node: Node) -> float:
    return sum(child["Actual Rows"] * child["Actual Loops"] for child in node.get("Plans", []))
