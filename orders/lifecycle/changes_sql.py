"""A change of orders in one statement: their rows, the lines that go along, and the events that tell of it.

As ORM calls these were three statements and six queries made anew, half of what paying an order took in Python
(docs/decisions/raw-sql.md).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from orders.models.order import Order
from shared.database.rows_as_json import rows_as_json

_CHANGE = """
WITH event AS (
    INSERT INTO orders_order_event (id, order_id, kind, from_status, to_status, actor_id, reason, data, created_at)
    SELECT id, order_id, %(kind)s, from_status, to_status, %(actor_id)s::uuid, %(reason)s, data, %(now)s::timestamptz
    FROM json_to_recordset(%(events)s::json) AS event (
        id uuid, order_id uuid, from_status text, to_status text, data jsonb
    )
){lines}
UPDATE orders_order SET version = version + 1, updated_at = %(now)s{fields}
WHERE id = ANY(%(ids)s)
"""
# Lines that were dropped or cancelled by themselves stay so.
_LINES_TOO = """,
lines AS (
    UPDATE orders_order_item SET status = %(status)s
    WHERE order_id = ANY(%(ids)s) AND status = ANY(%(from_statuses)s) AND quantity > 0
)"""


def write_change(
    *,
    events: Sequence[Mapping[str, Any]],
    kind: str,
    actor_id: UUID | None,
    reason: str,
    now: datetime,
    fields: Mapping[str, Any],
    from_statuses: Collection[str],
) -> None:
    """Set `fields` on the orders that `events` (id, order_id, from_status, to_status, data) are about, raise their
    versions and write the events. With a `status` among the fields, lines in one of `from_statuses` get it, too. The
    orders must be locked."""
    columns = {name: Order._meta.get_field(name) for name in fields}
    values = {
        # As the ORM would write them: a JSON field or an enum is not what psycopg makes of the Python value.
        **{name: column.get_db_prep_save(fields[name], connection) for name, column in columns.items()},  # type: ignore[union-attr]
        "ids": [event["order_id"] for event in events],
        "from_statuses": list(from_statuses),
        "events": rows_as_json(events),
        "kind": kind,
        "actor_id": actor_id,
        "reason": reason,
        "now": now,
    }
    with connection.cursor() as cursor:
        # Sorted, because keyword arguments come in the caller's order and each order would be another text to plan.
        cursor.execute(_statement(tuple(sorted(fields))), values)


@cache
def _statement(names: tuple[str, ...]) -> str:
    """The same text for the same fields, so that PostgreSQL plans it once."""
    fields = "".join(f", {Order._meta.get_field(name).column} = %({name})s" for name in names)  # type: ignore[union-attr]
    return _CHANGE.format(lines=_LINES_TOO if "status" in names else "", fields=fields)
