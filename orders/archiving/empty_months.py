"""Partitions of months whose orders left go, and are made again before these come back."""

import re
from datetime import datetime
from uuid import UUID

from django.db import connection

from orders.archiving.batches import Progress
from orders.archiving.month_tables import kept_table
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


def make_months_again(month: Month) -> None:
    """Make the partitions that the rows which left with that month lie in, where the tables have months and these lie
    behind the past: lines and events are often of later ones. Raises TablesAreBusy."""
    for table in filter(is_partitioned, TABLES):
        partitions = partitions_of(table)
        names = {each.name for each in partitions}
        (past,) = (each for each in partitions if each.name == f"{table}_{PAST}")
        end = _END_OF_PAST.search(past.bounds)
        for each in sorted({month, *_months_in(kept_table(table, month))}):
            if end and each.first_id >= UUID(end[1]) and each.table(table) not in names:
                make_month(table, each, tries=PATIENT)
    validate_keys()


def _months_in(kept: str) -> list[Month]:
    sql = f"SELECT DISTINCT date_trunc('month', uuid_extract_timestamp(id), 'UTC') FROM {kept}"  # noqa: S608
    # None: of an id that tells no time.
    return [Month.of(begin) for (begin,) in fetch_all(sql) if begin is not None]
