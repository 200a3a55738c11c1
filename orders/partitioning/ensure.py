"""New months, before their first order comes."""

from datetime import datetime
from functools import partial

from orders.partitioning.keys import add_key, drop_key, is_own, validate_keys
from orders.partitioning.locked import PATIENT, with_lock
from orders.partitioning.months import Month, month_of_table
from orders.partitioning.tables import (
    REST,
    TABLES,
    fetch_all,
    foreign_keys_of,
    foreign_keys_to,
    is_partitioned,
    partitions_of,
    quoted,
    run_sql,
)

MONTHS_AHEAD = 3


def ensure_months(now: datetime, *, tries: int = PATIENT) -> list[str]:
    """Make what is missing up to MONTHS_AHEAD months after `now`, in tables that are cut into months; return the names
    of the new partitions. Rows of a new month that came too early, and stand with the rest, move into it.

    Locks: each table for the moment of adding a month; where rows move, those that point at it, too. Raises
    TablesAreBusy.
    """
    made = []
    for table in filter(is_partitioned, TABLES):
        # The months follow one another without a gap: what lies before the first is in the table of the past.
        last = max(filter(None, (month_of_table(each.name) for each in partitions_of(table))))
        while last < Month.of(now).later(MONTHS_AHEAD):
            last = last.later(1)
            make_month(table, last, tries=tries)
            made.append(last.table(table))
    if made:
        validate_keys()
    return made


def make_month(table: str, month: Month, *, tries: int) -> None:
    """With the rows of it that stand with the rest; keys are to be validated afterwards."""
    if _came_early(table, month):
        _make_and_fill(table, month, tries)
    else:
        with_lock((table,), partial(add_month, table, month), tries=tries)


def add_month(table: str, month: Month) -> None:
    """In the transaction that there is."""
    run_sql(f"CREATE TABLE IF NOT EXISTS {quoted(month.table(table))} PARTITION OF {quoted(table)} {month.bounds}")


def _came_early(table: str, month: Month) -> bool:
    rest = quoted(f"{table}_{REST}")
    found = fetch_all(f"SELECT EXISTS (SELECT FROM {rest} WHERE {_of(month)})")  # noqa: S608 - names of ours
    return bool(found[0][0])


def _of(month: Month) -> str:
    return f"id >= '{month.first_id}' AND id < '{month.later(1).first_id}'"


def _make_and_fill(table: str, month: Month, tries: int) -> None:
    """While rows are nowhere, nothing may point at them, and no trigger may take it for a change."""
    inbound = [*foreign_keys_to(table), *(key for key in foreign_keys_of(table) if is_own(key, table))]
    parent, rest, new = quoted(table), quoted(f"{table}_{REST}"), quoted(month.table(table))

    def fill() -> None:
        for key in inbound:
            drop_key(key)
        run_sql(f"ALTER TABLE {rest} DISABLE TRIGGER USER")
        run_sql(f"CREATE TABLE {new} (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED)")
        move = f"DELETE FROM {rest} WHERE {_of(month)} RETURNING *"  # noqa: S608 - names of ours
        run_sql(f"WITH moved AS ({move}) INSERT INTO {new} SELECT * FROM moved")  # noqa: S608 - names of ours
        run_sql(f"ALTER TABLE {parent} ATTACH PARTITION {new} {month.bounds}")
        run_sql(f"ALTER TABLE {rest} ENABLE TRIGGER USER")
        for key in inbound:
            add_key(key.table, key)

    with_lock((table, *dict.fromkeys(key.table for key in inbound if key.table != table)), fill, tries=tries)
