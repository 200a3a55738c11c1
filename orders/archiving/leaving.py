# ruff: noqa: S608 - names of tables and columns come from the catalogue
"""Some orders leave, with all that hangs on them: in one transaction, so that whoever reads sees all of an order or
nothing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from orders.archiving.hanging import Hanging
from orders.archiving.month_tables import LEFT_WITH, columns_of, kept_table, key_of, names_of
from orders.archiving.open_orders import check_orders
from orders.archiving.remains import forget_order, keep_numbers_taken, leave_remains
from orders.lifecycle.locking import lock_order_group
from orders.models.order_event import OrderEvent
from orders.partitioning.locked import PartitioningFailed
from orders.partitioning.months import Month
from orders.partitioning.tables import ORDERS, fetch_all, quoted, run_sql
from shared.database.append_only import rows_may_change
from shared.history.unrecorded import unrecorded

# By primary key: the order that the row leaves with.
Rows = Mapping[Any, UUID]


class HangsOnAnother(PartitioningFailed):
    """A row is of two orders, and one of them stays."""


def move_out(order_ids: Sequence[UUID], month: Month, hanging: Hanging) -> int:
    """Move these orders, none of them a sub-order, with their sub-orders, into the month's tables; return how many
    rows were. In the caller's transaction. Raises MonthIsOpen, HangsOnAnother. Locks: the orders, by id."""
    groups = [lock_order_group(order_id) for order_id in sorted(order_ids)]
    orders = {each: group.parent.pk for group in groups for each in group.ids}
    check_orders(list(orders))
    rows: dict[str, Rows] = {ORDERS: orders}
    for table in hanging.tables[1:]:
        rows[table] = _rows_of(table, hanging, rows)
    leave_remains(list(orders), month)
    # The history would keep what an erasure then does not find, and tell of deals that nobody changed.
    with unrecorded(*hanging.all_tables), rows_may_change(OrderEvent):
        for link in hanging.forgetting:
            forget_order(link, list(rows[link.target]))
        for table in hanging.tables:
            _copy(table, month, rows[table])
        for table in reversed(hanging.tables):
            _delete(table, rows[table])
        # What came to hang on them meanwhile is found here, not at the commit.
        run_sql("SET CONSTRAINTS ALL IMMEDIATE")
    keep_numbers_taken(list(orders))
    return sum(map(len, rows.values()))


def _rows_of(table: str, hanging: Hanging, rows: Mapping[str, Rows]) -> Rows:
    """What hangs on rows that leave."""
    links, (key, _) = hanging.of(table), key_of(table)
    condition = " OR ".join(f"{quoted(link.column)} = ANY (%s)" for link in links)
    columns = ", ".join(quoted(link.column) for link in links)
    found = fetch_all(
        f"SELECT {quoted(key)}, {columns} FROM {quoted(table)} WHERE {condition}",
        *(list(rows[link.target]) for link in links),
    )
    leaving = {}
    for pk, *targets in found:
        orders = {
            rows[link.target].get(target) for link, target in zip(links, targets, strict=True) if target is not None
        }
        (order, *others) = orders
        if others or order is None:
            raise HangsOnAnother(f"{table} {pk} is of an order of another month, too, or of two orders.")
        leaving[pk] = order
    return leaving


def _copy(table: str, month: Month, rows: Rows) -> None:
    columns, (key, kind) = columns_of(kept_table(table, month)), key_of(table)
    own = names_of([column for column in columns if column.name != LEFT_WITH])
    sql = f"""
        INSERT INTO {kept_table(table, month)} ({own}, {LEFT_WITH})
        SELECT {own}, {LEFT_WITH} FROM {quoted(table)}
        JOIN unnest(%s::{kind}[], %s::uuid[]) AS leaving (leaving_key, {LEFT_WITH}) ON {quoted(key)} = leaving_key
    """
    _expect(table, len(rows), sql, list(rows), list(rows.values()))


def _delete(table: str, rows: Rows) -> None:
    key, kind = key_of(table)
    _expect(table, len(rows), f"DELETE FROM {quoted(table)} WHERE {quoted(key)} = ANY (%s::{kind}[])", list(rows))


def _expect(table: str, count: int, sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if cursor.rowcount != count:  # which rolls the transaction back
            raise HangsOnAnother(f"{table}: {cursor.rowcount} rows were moved and not {count}.")
