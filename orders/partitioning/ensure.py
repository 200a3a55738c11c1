"""New months, before their first order comes."""

from datetime import datetime
from functools import partial

from orders.partitioning.locked import with_lock
from orders.partitioning.months import Month, month_of_table
from orders.partitioning.tables import TABLES, is_partitioned, partitions_of, quoted, run_sql

MONTHS_AHEAD = 3


def ensure_months(now: datetime) -> list[str]:
    """Make what is missing up to MONTHS_AHEAD months after `now`, in tables that are cut into months; return the names
    of the new partitions. Locks: each table for the moment of adding one."""
    made = []
    for table in filter(is_partitioned, TABLES):
        # The months follow one another without a gap: what lies before the first is in the table of the past.
        last = max(filter(None, (month_of_table(each.name) for each in partitions_of(table))))
        while last < Month.of(now).later(MONTHS_AHEAD):
            last = last.later(1)
            with_lock((table,), partial(add_month, table, last))
            made.append(last.table(table))
    return made


def add_month(table: str, month: Month) -> None:
    """In the transaction that there is."""
    run_sql(
        f"CREATE TABLE {quoted(month.table(table))} PARTITION OF {quoted(table)} "
        f"FOR VALUES FROM ('{month.first_id}') TO ('{month.later(1).first_id}')"
    )
