"""The rule that all rows of a table are of before a month: what lets it become the past without being looked through.

It refuses rows as soon as it stands. So it goes when a conversion ends without its table, and where the process was
killed, the nightly job takes it away in time.
"""

import re
from datetime import datetime, timedelta
from uuid import UUID

from orders.partitioning.locked import BRIEFLY, PATIENT, with_lock
from orders.partitioning.months import Month
from orders.partitioning.tables import TABLES, fetch_all, is_partitioned, quoted, run_sql

RULE = "of_the_past"
# Rows are looked through before the months begin: that must be over by then, on a table of any size.
NOTICE = timedelta(days=2)
_BOUND = re.compile(r"id < '([0-9a-f-]{36})'")


def bound_of(table: str) -> UUID | None:
    """Below which all ids must be; None where there is no rule."""
    sql = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND conname = %s"
    found = fetch_all(sql, table, RULE)
    bound = _BOUND.search(found[0][0]) if found else None
    return UUID(bound[1]) if bound else None


def forget_bound(table: str, *, tries: int = PATIENT) -> None:
    """Take the rule away. Locks: the table for a moment; raises TablesAreBusy."""
    if bound_of(table) is not None:
        drop = f"ALTER TABLE {quoted(table)} DROP CONSTRAINT IF EXISTS {RULE}"
        with_lock((table,), lambda: run_sql(drop), tries=tries)


def left_bounds() -> dict[str, UUID]:
    """Of tables that are whole: a conversion is at them now, or was killed."""
    bounds = {table: bound_of(table) for table in TABLES if not is_partitioned(table)}
    return {table: bound for table, bound in bounds.items() if bound is not None}


def forget_left_bounds(now: datetime) -> None:
    """Take away rules whose month comes before the night after next."""
    for table, bound in left_bounds().items():
        if bound <= Month.of(now + NOTICE).first_id:
            forget_bound(table, tries=BRIEFLY)
