"""Partitions of months whose orders left go, and are made again before these come back."""

import re
from datetime import datetime
from uuid import UUID

from django.db import connection

from orders.archiving.batches import Progress
from orders.partitioning.ensure import make_month
from orders.partitioning.keys import validate_keys
from orders.partitioning.locked import PATIENT, TablesAreBusy, with_lock
from orders.partitioning.months import Month, month_of_table
from orders.partitioning.tables import (
    PAST,
    TABLES,
    fetch_all,
    foreign_keys_to,
    is_partitioned,
    partitions_of,
    quoted,
    run_sql,
)

_END_OF_PAST = re.compile(r"TO \('([0-9a-f-]{36})'\)")


def drop_empty_months(now: datetime, progress: Progress) -> None:
    """Take away the partitions of months before this one that have no row, so that no statement asks them any more.
    A line or an event of another month's order keeps one. Where the tables are busy they stay until the next time.
    Locks: the table and those that point at it, for a moment."""
    for table in filter(is_partitioned, TABLES):
        for each in partitions_of(table):
            month = month_of_table(each.name)
            if month is not None and month < Month.of(now) and _is_empty(each.name):
                try:
                    _drop(table, each.name)
                except TablesAreBusy as error:
                    progress(f"{each.name} is empty and stays for now: {error}")
                else:
                    progress(f"{each.name}: gone, it was empty")


def _is_empty(partition: str) -> bool:
    return fetch_all(f"SELECT EXISTS (SELECT FROM {quoted(partition)})") == [(False,)]  # noqa: S608


def _drop(table: str, partition: str) -> None:
    # PostgreSQL asks whether anything points at its rows: of a table known to be empty it begins, and ends, there.
    run_sql(f"VACUUM (ANALYZE) {quoted(partition)}")
    inbound = list(dict.fromkeys(key.table for key in foreign_keys_to(table)))

    def drop() -> None:
        if not _is_empty(partition):
            return
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        run_sql(f"ALTER TABLE {quoted(table)} DETACH PARTITION {quoted(partition)}")
        run_sql(f"DROP TABLE {quoted(partition)}")

    with_lock((table, *inbound), drop, tries=PATIENT)


def make_month_again(month: Month) -> None:
    """Make the month's partitions where the tables have months and it lies behind the past. Raises TablesAreBusy."""
    for table in filter(is_partitioned, TABLES):
        partitions = partitions_of(table)
        names = {each.name for each in partitions}
        (past,) = (each for each in partitions if each.name == f"{table}_{PAST}")
        end = _END_OF_PAST.search(past.bounds)
        if end and month.first_id >= UUID(end[1]) and month.table(table) not in names:
            make_month(table, month, tries=PATIENT)
    validate_keys()
