"""Recomputing stock, reservations, orders, payments and history from each other, and naming every discrepancy."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from orders.audit import (
    amounts,
    backorders,
    coupons,
    documents,
    edits,
    feed,
    history,
    holds,
    intents,
    ledger,
    order_groups,
    references,
    refunds,
    shipments,
)
from orders.audit.changed_orders import FIND_CHANGED, OF_WHOLE_BOOKS, narrowed
from orders.audit.check import Check
from shared.database.transactions import take_time

CHECKS: tuple[Check, ...] = (
    *ledger.CHECKS,
    *documents.CHECKS,
    *holds.CHECKS,
    *backorders.CHECKS,
    *amounts.CHECKS,
    *intents.CHECKS,
    *coupons.CHECKS,
    *order_groups.CHECKS,
    *refunds.CHECKS,
    *edits.CHECKS,
    *shipments.CHECKS,
    *history.CHECKS,
    *references.CHECKS,
    *feed.CHECKS,
)

_MOST_CHANGED = 100_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: `count` rows break it, and `rows` are the first of them, by column."""

    check: Check
    count: int
    rows: list[dict[str, Any]]


def audit_books(*, rows_per_check: int | None = 20, checks: Sequence[Check] = CHECKS) -> list[Finding]:
    """Run every check and return one finding for each, in order; `rows_per_check` None keeps every row.

    All see one snapshot, so orders may go on being placed meanwhile. Takes no row locks, writes nothing, and
    runs as long as it needs. Raises RuntimeError inside a transaction: it opens its own.
    """
    with _open_snapshot() as cursor:
        return [_run_check(cursor, check, rows_per_check) for check in checks]


def audit_changed_orders(*, since: datetime, rows_per_check: int | None = 20) -> list[Finding] | None:
    """As audit_books, of the orders that were changed since then and of what hangs on them, by the checks that need no
    others. None where these are so many that the whole books take no longer."""
    with _open_snapshot() as cursor:
        cursor.execute(FIND_CHANGED, {"since": since, "most": _MOST_CHANGED + 1})
        orders = [pk for (pk,) in cursor.fetchall()]
        if len(orders) > _MOST_CHANGED:
            return None
        checks = [check for check in CHECKS if check.name not in OF_WHOLE_BOOKS]
        return [_run_check(cursor, check, rows_per_check, orders=orders) for check in checks]


@contextmanager
def _open_snapshot() -> Iterator[CursorWrapper]:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        # Checks compare tables by several statements: read committed, an order placed in between would be a
        # discrepancy.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # A check may read millions of rows; the usual limit of a statement is meant for requests.
        take_time()
        yield cursor


def _run_check(
    cursor: CursorWrapper, check: Check, limit: int | None, *, orders: Sequence[UUID] | None = None
) -> Finding:
    """`orders`: of these alone."""
    parameters: dict[str, Any] = {
        "sweep_minutes": settings.CLEANUP_INTERVAL_MINUTES,
        "key_days": settings.IDEMPOTENCY_KEY_DAYS,
        "limit": limit,
        "orders": orders,
    }
    # The number of all with the first few, in one reading. By their first column, so that two runs show the same rows.
    tables = "" if orders is None else narrowed(check.sql)
    sql = f"{tables}SELECT count(*) OVER () AS found, * FROM ({check.sql}) AS discrepancy ORDER BY 2 LIMIT %(limit)s"  # noqa: S608
    cursor.execute(sql, parameters)
    names = [column.name for column in cursor.description][1:]
    rows = cursor.fetchall()
    return Finding(check, rows[0][0] if rows else 0, [dict(zip(names, row[1:], strict=True)) for row in rows])
