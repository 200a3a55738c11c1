# ruff: noqa: S608 - names of tables and columns come from the catalogue
"""Some orders come back from the month's tables, each with all that left with it, in one transaction."""

from collections.abc import Sequence
from uuid import UUID

from orders.archiving.erased import erase_again
from orders.archiving.hanging import Hanging
from orders.archiving.month_tables import LEFT_WITH, columns_of, kept_table, names_of
from orders.archiving.remains import check_remains, free_numbers, take_place_again
from orders.partitioning.months import Month
from orders.partitioning.tables import ORDERS, fetch_all, quoted, run_sql
from shared.history.unrecorded import unrecorded

# A customer who was merged meanwhile: the order is whose its remains are, which is a change of it like any other merge.
_FOLLOW = """
UPDATE {orders} AS o SET customer_id = archived.customer_id, version = version + 1,
    changes_elsewhere = changes_elsewhere + 1
FROM orders_archived_order AS archived
WHERE archived.id = o.id AND archived.customer_id <> o.customer_id AND o.left_with_order = ANY (%s)
"""
_FOLLOW_ORDER = """
UPDATE {table} AS hanging SET customer_id = o.customer_id FROM {orders} AS o
WHERE o.id = hanging.order_id AND o.customer_id <> hanging.customer_id AND hanging.left_with_order = ANY (%s)
"""
_OF_CUSTOMERS = ("orders_coupon_use", "orders_draft")


def move_back(order_ids: Sequence[UUID], month: Month, hanging: Hanging) -> None:
    """Move these orders, none of them a sub-order, with all that left with them, to where they were. In the caller's
    transaction. Raises AnotherArchive."""
    left, orders = list(order_ids), kept_table(ORDERS, month)
    ids = [pk for (pk,) in fetch_all(f"SELECT id FROM {orders} WHERE {LEFT_WITH} = ANY (%s)", left)]
    check_remains(ids, month)
    with unrecorded(*hanging.all_tables):
        _bring(ids, left, month, hanging)
    erase_again(ids)
    run_sql("SET CONSTRAINTS ALL IMMEDIATE")


def _bring(ids: Sequence[UUID], left: list[UUID], month: Month, hanging: Hanging) -> None:
    orders = kept_table(ORDERS, month)
    run_sql(_FOLLOW.format(orders=orders), left)
    for table in _OF_CUSTOMERS:
        run_sql(_FOLLOW_ORDER.format(table=kept_table(table, month), orders=orders), left)
    free_numbers(ids)
    for table in hanging.tables:
        kept = kept_table(table, month)
        own = names_of([column for column in columns_of(kept) if column.name != LEFT_WITH])
        run_sql(
            f"INSERT INTO {quoted(table)} ({own}) OVERRIDING SYSTEM VALUE "
            f"SELECT {own} FROM {kept} WHERE {LEFT_WITH} = ANY (%s)",
            left,
        )
    take_place_again(ids)
    for table in hanging.tables:
        run_sql(f"DELETE FROM {kept_table(table, month)} WHERE {LEFT_WITH} = ANY (%s)", left)
