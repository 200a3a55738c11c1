"""Which tables are cut into months, and what PostgreSQL says of them.

Only those that grow with every order and have nothing unique but their ids, which the months follow. The stock ledger
stays whole: one movement for each version of a level is a promise over all months. So do reservations: one that holds,
for each line and level.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem

# In this order: what points at another table by a foreign key follows it.
TABLES: tuple[str, ...] = tuple(model._meta.db_table for model in (Order, OrderItem, OrderEvent))
ORDERS = Order._meta.db_table
PAST, REST = "past", "rest"


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`definition` as ALTER TABLE … ADD CONSTRAINT takes it."""

    table: str
    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """`enabled` as in pg_trigger: O as usual, D not, A always, R on replicas alone."""

    name: str
    definition: str
    enabled: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class Partition:
    """`bounds` as PostgreSQL writes them; `rows` is its estimate, `bytes` with indexes."""

    table: str
    name: str
    bounds: str
    rows: int
    bytes: int


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def fetch_all(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def fetch_named(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """As fetch_all, with parameters by name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def run_sql(sql: str, *values: Any) -> None:
    """DDL takes no parameters from the server: `values` are for statements that do."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)


def server_version() -> int:
    """180004 for 18.4."""
    return int(fetch_all("SELECT current_setting('server_version_num')")[0][0])


def is_partitioned(table: str) -> bool:
    return fetch_all("SELECT relkind = 'p' FROM pg_class WHERE oid = %s::regclass", table)[0][0]  # type: ignore[no-any-return]


def foreign_keys_of(table: str) -> list[ForeignKey]:
    """Those by which it points at others, itself included."""
    return _foreign_keys("conrelid", table)


def foreign_keys_to(table: str) -> list[ForeignKey]:
    """Those of others that point at it."""
    return [each for each in _foreign_keys("confrelid", table) if each.table != table]


def _foreign_keys(end: str, table: str) -> list[ForeignKey]:
    sql = f"""
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contype = 'f' AND conparentid = 0 AND {end} = %s::regclass ORDER BY 1, 2
    """  # noqa: S608 - one of two columns
    return [ForeignKey(*row) for row in fetch_all(sql, table)]


def indexes_of(table: str) -> list[tuple[str, str]]:
    """Names and definitions of those that no constraint made."""
    sql = """
        SELECT class.relname, pg_get_indexdef(class.oid) FROM pg_index
        JOIN pg_class AS class ON class.oid = indexrelid
        WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
        ORDER BY 1
    """
    return [(name, definition) for name, definition in fetch_all(sql, table)]


def has_invalid_index(table: str) -> bool:
    """Whether a build was cut off: such an index is none to PostgreSQL when it looks for the like."""
    sql = "SELECT EXISTS (SELECT FROM pg_index WHERE indrelid = %s::regclass AND NOT indisvalid)"
    return fetch_all(sql, table)[0][0]  # type: ignore[no-any-return]


def triggers_of(table: str) -> list[Trigger]:
    """Our own."""
    sql = """
        SELECT tgname, pg_get_triggerdef(oid), tgenabled::text, obj_description(oid, 'pg_trigger') FROM pg_trigger
        WHERE tgrelid = %s::regclass AND NOT tgisinternal ORDER BY 1
    """
    return [Trigger(*row) for row in fetch_all(sql, table)]


def unvalidated_keys() -> list[tuple[str, str]]:
    """Foreign keys that a conversion has not looked through yet: table and name."""
    sql = """
        SELECT conrelid::regclass::text, conname FROM pg_constraint
        WHERE contype = 'f' AND NOT convalidated AND conparentid = 0
        AND (confrelid = ANY (%s::regclass[]) OR conrelid = ANY (%s::regclass[])) ORDER BY 1, 2
    """
    return [(table, name) for table, name in fetch_all(sql, list(TABLES), list(TABLES))]


def partitions_of(table: str) -> list[Partition]:
    """By name; none of a table that is whole."""
    sql = """
        SELECT child.relname, pg_get_expr(child.relpartbound, child.oid), greatest(child.reltuples, 0)::bigint,
            pg_total_relation_size(child.oid)
        FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent = %s::regclass ORDER BY 1
    """
    return [Partition(table, *row) for row in fetch_all(sql, table)]
