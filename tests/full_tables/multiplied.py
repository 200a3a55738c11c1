"""Every table that grows with the shop, filled by copying the valid rows that are in it."""

from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction

from orders.generator.ballast import without_indexes
from shared.database.transactions import unlimited_session

ROWS = 20_000
_SAMPLES = 40
# What a shop has dozens of, however long it sells.
SMALL = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "inventory_backorder_count",
    "catalog_category",
    "catalog_price_list",
    "catalog_seller",
    "catalog_seller_member",
    "inventory_stock_location",
    "catalog_tax_rate",
    "catalog_tax_region",
    "crm_default_view",
    "crm_demo_row",
    "crm_email_template",
    "crm_order_mail_progress",
    "crm_order_mail_template",
    "crm_pipeline",
    "crm_saved_view",
    "crm_segment",
    "crm_stage",
    "django_admin_log",
    "django_content_type",
    "events_sequencer",
    "events_stream_ticket",
    "exchange_file_chunk",
    "exchange_stored_file",
    "orders_archived_order",
    "orders_backorder",
    "orders_daily_sales",
    "orders_hold_policy",
    "orders_sales_rollup",
    "orders_payment_method",
    "orders_shipping_method",
    "shared_alert",
    "shared_kept_file",
    "shared_operation_run",  # 400 of a kind
    "shop_bank_account",
    "shop_shop",
    "users_api_key",
    "webhooks_endpoint",
    "users_custom_field",
    "users_customer_group",
    "users_role",
    "users_tag",
    "users_team",
    "users_user_groups",
    "users_user_user_permissions",
}

_COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.atttypmod - 4,
        (SELECT confrelid::regclass::text FROM pg_constraint
         WHERE contype = 'f' AND conrelid = a.attrelid AND conkey = ARRAY[a.attnum] LIMIT 1),
        (SELECT coalesce(array_agg(pg_get_indexdef(indexrelid)), '{}') FROM pg_index
         WHERE indrelid = a.attrelid AND indisunique
            AND pg_get_indexdef(indexrelid) ~ ('[( "]' || a.attname || '[), ":]'))
    FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        AND a.attidentity = '' AND coalesce(pg_get_expr(d.adbin, d.adrelid), '') NOT LIKE 'nextval%%'
    ORDER BY a.attnum
"""


# Copies of what waits for something: in a shop nearly all of it is over.
_OVER = [
    f"UPDATE {table} SET status = '{status}' WHERE {which} id NOT IN (SELECT id FROM {table} ORDER BY id DESC LIMIT 20)"
    for table, status, which in (
        ("orders_refund", "CANCELLED", ""),
        ("payments_intent", "voided", "captured_amount = 0 AND"),
    )
]


# Since the tables were looked at last: the largest were when the shop was filled, and had a few rows more since.
_CHANGED = """
    SELECT quote_ident(relname) FROM pg_stat_user_tables
    WHERE schemaname = 'public' AND n_mod_since_analyze > n_live_tup / 100
"""


class _Column(NamedTuple):
    name: str
    type: str
    length: int
    target: str | None
    unique_by: list[str]


def growing_tables() -> list[str]:
    """Those of our models and of the packages', and of what links two of them."""
    models = apps.get_models(include_auto_created=True)
    managed = {model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy}
    return sorted(managed - SMALL)


def multiply_rows() -> list[str]:
    """Bring each growing table to so many rows; the tables that have none to copy. Foreign keys point at rows that
    are there, evenly, and moments go back over three years; triggers and references are not asked, and what is not
    unique is indexed afterwards."""
    with unlimited_session(connection), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        many = {table: _first_rows(cursor, table) for table in growing_tables()}
        empty = [table for table, rows in many.items() if not rows]
        few = {table: rows for table, rows in many.items() if 0 < rows < ROWS}
        with without_indexes(*few):
            for table, rows in few.items():
                _multiply(cursor, table, ROWS - rows)
    with unlimited_session(connection), connection.cursor() as cursor:
        for statement in _OVER:
            cursor.execute(statement)
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(_CHANGED)
        cursor.execute(f"VACUUM ANALYZE {', '.join(table for (table,) in cursor.fetchall())}")
    return empty


def _first_rows(cursor: Any, table: str) -> int:
    """How many there are, or ROWS where there are more."""
    cursor.execute(f"SELECT count(*) FROM (SELECT FROM {table} LIMIT {ROWS}) AS few")
    return int(cursor.fetchone()[0])


def _multiply(cursor: Any, table: str, more: int) -> None:
    cursor.execute(_COLUMNS, [table])
    columns = [_Column(*row) for row in cursor.fetchall()]
    cursor.execute(
        "SELECT a.attname FROM pg_index JOIN pg_attribute AS a ON a.attrelid = indrelid AND a.attnum = "
        "ANY(indkey) WHERE indrelid = %s::regclass AND indisprimary",
        [table],
    )
    keys = {name for (name,) in cursor.fetchall()}
    targets = sorted({column.target for column in columns if column.target} - SMALL)
    parts = [
        f"of_{target} AS (SELECT array_agg(id ORDER BY id) AS ids"
        f" FROM (SELECT id FROM {target} ORDER BY id LIMIT {ROWS + 1_000}) AS few)"
        for target in targets
    ]
    parts.append(f"sample AS (SELECT *, row_number() OVER () AS nth FROM {table} LIMIT {_SAMPLES})")
    names = ", ".join(f'"{column.name}"' for column in columns)
    values = ", ".join(_value(column, columns, keys) for column in columns)
    sources = "".join(f", of_{target}" for target in targets)
    cursor.execute(
        "SELECT FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'u' AND condeferrable", [table]
    )
    # PostgreSQL skips no conflict of a rule that is looked at when all is done.
    unless_there = "" if cursor.rowcount else " ON CONFLICT DO NOTHING"
    cursor.execute(
        f"WITH {', '.join(parts)} INSERT INTO {table} ({names}) SELECT {values} FROM generate_series(1, {more}) AS k"
        f" JOIN sample ON nth = 1 + k % (SELECT count(*) FROM sample){sources}{unless_there}"
    )


def _value(column: _Column, columns: list[_Column], keys: set[str]) -> str:
    """SQL for the k-th copy's value."""
    name = f'sample."{column.name}"'
    if column.name in keys and column.type == "uuid":
        return "gen_random_uuid()"
    if column.target and column.target not in SMALL:
        ids = f"of_{column.target}.ids"
        return f"CASE WHEN {name} IS NOT NULL THEN {ids}[1 + (k + {columns.index(column)}) % cardinality({ids})] END"
    if column.type.startswith("timestamp"):
        return f"{name} - k * interval '75 minutes'"
    if column.type == "date":
        return f"{name} - k / 20"
    others = [
        other
        for other in columns
        if (other.target and other.target not in SMALL) or (other.type == "uuid" and other.name not in keys)
    ]
    alone = [one for one in column.unique_by if not any(other.name in one for other in others)]
    if not alone and not (column.type == "uuid" and column.unique_by):
        return name
    if all(_last_text(one, columns) != column.name for one in alone) and column.type.startswith(("character", "text")):
        return name  # of several words one is enough to tell rows apart: the others are kinds and names of providers
    return _another(column, name)


def _last_text(index: str, columns: list[_Column]) -> str:
    texts = [one.name for one in columns if one.type.startswith(("character", "text")) and one.name in index]
    return texts[-1] if texts else ""


def _another(column: _Column, name: str) -> str:
    if column.type == "uuid":
        return "gen_random_uuid()"
    if column.type.startswith(("character", "text")):
        room = column.length - 7 if column.length > 0 else 100
        return f"left({name}, {room}) || k" if room > 0 else name
    return f"{name} + k"
