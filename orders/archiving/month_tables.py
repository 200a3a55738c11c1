"""The tables that a month's rows lie in between the shop and the archive: one for each that leaves, in a schema of
their own that nothing of the shop reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders.archiving.hanging import Hanging
from orders.partitioning.locked import PartitioningFailed
from orders.partitioning.months import Month
from orders.partitioning.tables import ORDERS, fetch_all, quoted, run_sql

SCHEMA = "archived"
# Beside a row's own columns: the order that it left with, a sub-order's being its parent order.
LEFT_WITH = "left_with_order"


class OtherColumns(PartitioningFailed):
    """Rows that left are of tables that are others today."""


@dataclass(frozen=True, slots=True)
class Column:
    """`is_needed`: a row without it is refused."""

    name: str
    type: str
    is_needed: bool


def columns_of(table: str) -> list[Column]:
    """Those that rows are written with: what PostgreSQL computes is left out."""
    sql = """
        SELECT attname, format_type(atttypid, atttypmod), attnotnull AND adbin IS NULL AND attidentity = ''
        FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
    """
    return [Column(*row) for row in fetch_all(sql, table)]


def names_of(columns: Sequence[Column]) -> str:
    return ", ".join(quoted(column.name) for column in columns)


def key_of(table: str) -> tuple[str, str]:
    """Its primary key's column and type."""
    sql = """
        SELECT attname, format_type(atttypid, atttypmod) FROM pg_index
        JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
        WHERE indrelid = %s::regclass AND indisprimary
    """
    ((name, kind),) = fetch_all(sql, table)
    return name, kind


def kept_table(table: str, month: Month) -> str:
    """The name of the table that has the month's rows of `table`, as SQL writes it."""
    return f"{SCHEMA}.{quoted(month.table(table))}"


def kept_columns(hanging: Hanging, month: Month) -> dict[str, list[list[str]]]:
    """Name and type of the columns of the month's tables that are there, by the table that they left."""
    return {
        table: [[column.name, column.type] for column in columns]
        for table in hanging.tables
        if (columns := columns_of(kept_table(table, month)))
    }


def has_tables(month: Month) -> bool:
    return fetch_all("SELECT to_regclass(%s) IS NOT NULL", kept_table(ORDERS, month)) == [(True,)]


def make_tables(hanging: Hanging, month: Month, known: Mapping[str, list[list[str]]] | None = None) -> None:
    """Those that are missing, with the columns whose names are known of an archive, or all of today. Types are always
    today's, whatever an archive says. No rule is copied: a row here was right where it came from."""
    run_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    for table in hanging.tables:
        kept, (key, _) = kept_table(table, month), key_of(table)
        if fetch_all("SELECT to_regclass(%s) IS NULL", kept) == [(True,)]:
            types = {column.name: column.type for column in columns_of(table)} | {LEFT_WITH: "uuid"}
            names = [name for name, _ in known[table]] if known and table in known else list(types)
            written = ", ".join(f"{quoted(name)} {types[name]}" for name in names)
            run_sql(f"CREATE TABLE {kept} ({written}, PRIMARY KEY ({quoted(key)}))")
            run_sql(f"CREATE INDEX ON {kept} ({LEFT_WITH})")


def check_kept_columns(hanging: Hanging, month: Month) -> None:
    """Raises OtherColumns where the month's tables are of another version than today's: what is new would be lost."""
    faults = []
    for table in hanging.tables:
        today = {(column.name, column.type) for column in columns_of(table)}
        kept = {(column.name, column.type) for column in columns_of(kept_table(table, month))}
        faults += [f"{table}.{name}" for name, _ in today ^ (kept - {(LEFT_WITH, "uuid")})]
    if faults:
        names = ", ".join(sorted(set(faults)))
        raise OtherColumns(f"{month} began to leave before these were changed: {names}. Restore it, then detach anew.")


def drop_tables(hanging: Hanging, month: Month) -> None:
    run_sql(f"DROP TABLE IF EXISTS {', '.join(kept_table(table, month) for table in hanging.tables)}")
