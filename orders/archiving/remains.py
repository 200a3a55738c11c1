# ruff: noqa: S608 - every part of these statements is a constant of ours, or a name from the catalogue
"""What stays of orders that leave (orders.models.sales.ArchivedOrder), and how they take their place again."""

from collections.abc import Sequence
from uuid import UUID

from orders.archiving.hanging import FORGETS, Link
from orders.archiving.month_tables import key_of
from orders.partitioning.locked import PartitioningFailed
from orders.partitioning.months import Month
from orders.partitioning.order_numbers import NUMBERS
from orders.partitioning.tables import fetch_all, quoted, run_sql
from orders.reads.sales import REVENUE

_LEAVE = f"""
INSERT INTO orders_archived_order (id, number, month, customer_id, parent_id, currency, status, payment_status,
    cancel_reason, revenue, coupon_id, items, documents, named_by, archive_sum, created_at,
    deleted_at)
SELECT o.id, o.number, %s, o.customer_id, o.parent_id, o.currency, o.status, o.payment_status, o.cancel_reason,
    {REVENUE}, (SELECT coupon_id FROM orders_coupon_use WHERE order_id = o.id),
    ARRAY(SELECT id FROM orders_order_item WHERE order_id = o.id ORDER BY id),
    ARRAY(SELECT number FROM orders_invoice WHERE order_id = o.id ORDER BY number), '[]', '', o.created_at, o.deleted_at
FROM orders_order AS o WHERE o.id = ANY (%s) GROUP BY o.id
"""
_TAKE_NUMBERS = f"""
INSERT INTO {NUMBERS} (number, order_id) SELECT number, id FROM orders_archived_order WHERE id = ANY (%s)
"""
_FREE_NUMBERS = f"""
DELETE FROM {NUMBERS} AS taken USING orders_archived_order AS archived
WHERE archived.id = ANY (%s) AND taken.number = archived.number AND taken.order_id = archived.id
"""


class AnotherArchive(PartitioningFailed):
    """What should come back never left this shop, or is here again."""


def leave_remains(order_ids: Sequence[UUID], month: Month) -> None:
    """Before the orders, and what hangs on them, go."""
    run_sql(_LEAVE, str(month), list(order_ids))


def forget_order(link: Link, targets: Sequence[object]) -> None:
    """Take the orders out of rows that go on without them; the remains remember which those were."""
    key, _ = key_of(link.table)
    table, column = quoted(link.table), quoted(link.column)
    run_sql(
        f"""
        UPDATE orders_archived_order AS archived SET named_by = named_by || named.rows FROM (
            SELECT {column} AS id,
                jsonb_agg(jsonb_build_object('table', %s::text, 'column', %s::text, 'row', {quoted(key)})) AS rows
            FROM {table} WHERE {column} = ANY (%s) GROUP BY 1
        ) AS named WHERE archived.id = named.id
        """,
        link.table,
        link.column,
        list(targets),
    )
    run_sql(f"UPDATE {table} SET {column} = NULL WHERE {column} = ANY (%s)", list(targets))


def keep_numbers_taken(order_ids: Sequence[UUID]) -> None:
    """After the orders went, and their numbers by the trigger."""
    if _numbers_are_apart():
        run_sql(_TAKE_NUMBERS, list(order_ids))


def free_numbers(order_ids: Sequence[UUID]) -> None:
    """Before the orders come, and their numbers by the trigger."""
    if _numbers_are_apart():
        run_sql(_FREE_NUMBERS, list(order_ids))


def _numbers_are_apart() -> bool:
    return fetch_all("SELECT to_regclass(%s) IS NOT NULL", NUMBERS) == [(True,)]


def take_place_again(order_ids: Sequence[UUID]) -> None:
    """After the orders came: rows that named them do so again, where they are there and name no other."""
    for table, column in FORGETS:
        key, kind = key_of(table)
        sql = f"""
            UPDATE {quoted(table)} AS named SET {quoted(column)} = archived.id
            FROM orders_archived_order AS archived CROSS JOIN jsonb_array_elements(archived.named_by) AS row
            WHERE archived.id = ANY (%s) AND row ->> 'table' = %s AND row ->> 'column' = %s
                AND named.{quoted(key)} = (row ->> 'row')::{kind} AND named.{quoted(column)} IS NULL
        """
        run_sql(sql, list(order_ids), table, column)
    run_sql("DELETE FROM orders_archived_order WHERE id = ANY (%s)", list(order_ids))


def check_remains(order_ids: Sequence[UUID], month: Month, *, are_all: bool = False) -> None:
    """Raises AnotherArchive unless all of these left this shop with that month, and where these `are_all`, no other."""
    sql = "SELECT count(*) FROM orders_archived_order WHERE id = ANY (%s) AND month = %s"
    if fetch_all(sql, list(order_ids), str(month)) != [(len(order_ids),)]:
        raise AnotherArchive(f"{month}: orders of this archive did not leave this shop, or are back.")
    left = fetch_all("SELECT count(*) FROM orders_archived_order WHERE month = %s", str(month)) if are_all else []
    if are_all and left != [(len(order_ids),)]:
        raise AnotherArchive(f"{month}: orders that left with it are not in this archive.")


def keep_archive_sum(month: Month, archive_sum: str) -> None:
    """The one archive of the month that may come back, wherever else there are older ones."""
    run_sql("UPDATE orders_archived_order SET archive_sum = %s WHERE month = %s", archive_sum, str(month))


def check_archive_sum(month: Month, archive_sum: str) -> None:
    """Raises AnotherArchive unless all that stayed of the month is of the archive with these rows."""
    kept = fetch_all("SELECT DISTINCT archive_sum FROM orders_archived_order WHERE month = %s", str(month))
    if not kept:
        raise AnotherArchive(f"{month}: orders of this archive did not leave this shop, or are back.")
    if kept != [(archive_sum,)]:
        raise AnotherArchive(f"{month}: the month was archived anew since. Take the folder of its last `archive`.")


def has_remains(month: Month) -> bool:
    return fetch_all("SELECT EXISTS (SELECT FROM orders_archived_order WHERE month = %s)", str(month)) == [(True,)]
