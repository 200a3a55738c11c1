# ruff: noqa: S608 - names of tables and columns come from the catalogue
"""Rows of a month name others that stayed, and may be gone by now: a login, a location."""

from orders.archiving.batches import Progress
from orders.archiving.hanging import Hanging
from orders.archiving.month_tables import columns_of, kept_table
from orders.partitioning.locked import PartitioningFailed
from orders.partitioning.months import Month
from orders.partitioning.tables import fetch_all, quoted, run_sql

# Followed when orders come back, whoever they are merged into.
_CUSTOMERS = "users_customer"


class RowsAreMissing(PartitioningFailed):
    """What came back would name rows that are gone, and cannot do without them."""


def forget_missing(hanging: Hanging, month: Month, progress: Progress) -> None:
    """Empty what names a row that is gone, where it may be empty. Raises RowsAreMissing."""
    faults = []
    for table in hanging.tables:
        kept = kept_table(table, month)
        needed = {column.name: column.is_needed for column in columns_of(table)}
        for column, target, key in _keys_of(table):
            if target in hanging.tables or target == _CUSTOMERS:
                continue
            gone = (
                f"{quoted(column)} IS NOT NULL AND NOT EXISTS "
                f"(SELECT FROM {quoted(target)} AS target WHERE target.{quoted(key)} = kept.{quoted(column)})"
            )
            ((count,),) = fetch_all(f"SELECT count(*) FROM {kept} AS kept WHERE {gone}")
            if count and needed[column]:
                faults.append(f"{count:,} rows of {table} name rows of {target} that are gone")
            elif count:
                run_sql(f"UPDATE {kept} AS kept SET {quoted(column)} = NULL WHERE {gone}")
                progress(f"{table}.{column}: emptied in {count:,} rows, {target} has what they named no more")
    if faults:
        raise RowsAreMissing(f"{month} cannot come back: {'; '.join(faults)}.")


def _keys_of(table: str) -> list[tuple[str, str, str]]:
    """Its foreign keys: column, the table that it points at, and that one's column."""
    sql = """
        SELECT own.attname, confrelid::regclass::text, other.attname FROM pg_constraint
        JOIN pg_attribute AS own ON own.attrelid = conrelid AND own.attnum = ANY (conkey)
        JOIN pg_attribute AS other ON other.attrelid = confrelid AND other.attnum = ANY (confkey)
        WHERE contype = 'f' AND conparentid = 0 AND conrelid = %s::regclass ORDER BY 1
    """
    return [(column, target, key) for column, target, key in fetch_all(sql, table)]
