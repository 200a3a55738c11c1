"""A shop whose orders are of a month two years ago, and what of it must be the same when they left and came back."""

import io
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db import transaction

from orders.archiving.hanging import read_hanging
from orders.partitioning.months import Month
from shared.clock import database_now
from tests.shop.books import sql

OLD = Month(2024, 5)
_WITH_TIMES = {
    "orders_order": "id",
    "orders_order_item": "order_id",
    "orders_order_event": "order_id",
    "orders_invoice": "order_id",
}


def partitions(*arguments: str) -> str:
    """What `manage.py partitions` says."""
    out = io.StringIO()
    call_command("partitions", *arguments, stdout=out)
    return out.getvalue()


def age_orders(*, but: Collection[UUID] = (), to: Month = OLD) -> list[UUID]:
    """Let all orders but these, with what hangs on them, have ids of that month and times of OLD; return the parent
    orders' new ids. Every
    third line and event keeps its id, as those that were written in a later month."""
    with transaction.atomic():
        sql("SET LOCAL session_replication_role = replica")
        old = [pk for (pk,) in sql("SELECT id FROM orders_order ORDER BY id") if pk not in but]
        _shift_times(old)
        for table in ("orders_order_item", "orders_order_event"):
            rows = [pk for (pk,) in sql(f"SELECT id FROM {table} WHERE order_id = ANY (%s) ORDER BY id", old)]
            _rename(table, [pk for place, pk in enumerate(rows) if place % 3], to)
        new = _rename("orders_order", old, to)
        sql("DELETE FROM orders_idempotency_key WHERE NOT order_id = ANY (%s)", list(but))
        if sql("SELECT to_regclass('orders_order_number') IS NOT NULL") == [(True,)]:
            named = "UPDATE orders_order_number AS taken SET order_id = o.id FROM orders_order AS o"
            sql(f"{named} WHERE o.number = taken.number")
    return [pk for (pk,) in sql("SELECT id FROM orders_order WHERE parent_id IS NULL AND id = ANY (%s)", new)]


def ids_of_the_next_month(table: str, month: Month) -> None:
    """To every row that has one of that month."""
    with transaction.atomic():
        sql("SET LOCAL session_replication_role = replica")
        first, after = month.first_id, month.later(1).first_id
        rows = sql(f"SELECT id FROM {table} WHERE id >= %s AND id < %s ORDER BY id", first, after)
        assert _rename(table, [pk for (pk,) in rows], month.later(1))


def _rename(table: str, old: list[UUID], to: Month) -> list[UUID]:
    """Give rows ids of the month, a while apart, and tell whoever names them."""
    new = [
        UUID(int=to.first_id.int + ((place + 1) << 90) + (7 << 76) + (2 << 62) + (pk.int & ((1 << 62) - 1)))
        for place, pk in enumerate(old)
    ]
    columns = {(link.table, link.column) for link in read_hanging().links if link.target == table} | {(table, "id")}
    if table == "orders_order_item":
        columns.add(("inventory_stock_movement", "order_item_id"))
    for named, column in sorted(columns):
        sql(
            f"UPDATE {named} SET {column} = renamed.new FROM unnest(%s::uuid[], %s::uuid[]) AS renamed (old, new) "
            f"WHERE {column} = renamed.old",
            old,
            new,
        )
    return new


def _shift_times(orders: list[UUID]) -> None:
    """Each moment goes back by as much: what came first still does."""
    back = database_now() - OLD.begins_at - timedelta(days=9)
    for table, column in _WITH_TIMES.items():
        times = sql(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
            "AND atttypid = 'timestamptz'::regtype AND NOT attisdropped",
            table,
        )
        moved = ", ".join(f"{name} = {name} - %(back)s::interval" for (name,) in times)
        sql(f"UPDATE {table} SET {moved} WHERE {column} = ANY (%(orders)s)", {"back": back, "orders": orders})


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Each table's rows as text, but for what is written about changes: history, how far sums reach, audits."""
    apart = ["shared_record_change", "orders_sales_rollup", "shared_operation_run"]
    tables = sql(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
        "AND NOT relispartition AND NOT relname = ANY (%s) ORDER BY 1",
        apart,
    )
    return {name: sql(f"SELECT to_jsonb(t)::text FROM {name} AS t ORDER BY 1") for (name,) in tables}
