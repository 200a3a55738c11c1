"""Levels and their ledger rows in one statement: the ORM needs one UPDATE a level, or bulk_update's CASE, and an
INSERT, all while the levels are locked (docs/decisions/raw-sql.md has the figures)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection

from shared.database.conflicts import ConcurrentUpdate, constraint_name
from shared.database.rows_as_json import rows_as_json
from shared.text.messages import message_of

# A level moved several times takes the balances of its highest version.
_WRITE_MOVEMENTS = """
WITH movement AS (
    SELECT * FROM json_to_recordset(%s::json) AS m (
        id uuid, level_id uuid, level_version bigint, quantity int, on_hand_after int, reserved_after int,
        order_item_id uuid, actor_id uuid
    )
), ledger AS (
    INSERT INTO inventory_stock_movement (id, level_id, level_version, kind, quantity, on_hand_after, reserved_after,
                                        order_item_id, actor_id, reason, message, created_at)
    SELECT id, level_id, level_version, %s, quantity, on_hand_after, reserved_after,
           order_item_id, actor_id, %s, %s::jsonb, coalesce(%s::timestamptz, clock_timestamp())
    FROM movement
)
UPDATE inventory_stock_level AS level
SET on_hand = last.on_hand_after, reserved = last.reserved_after, version = last.level_version,
    updated_at = statement_timestamp()
FROM (
    SELECT DISTINCT ON (level_id) * FROM movement ORDER BY level_id, level_version DESC
) AS last
WHERE level.id = last.level_id
"""
# Whether somebody bought units of what lies there before they were there.
_SAY_WHO_IS_WAITED_FOR = """
RETURNING EXISTS (
    SELECT FROM inventory_backorder_count AS count WHERE count.variant_id = level.variant_id AND count.waiting > 0
)
"""
_GUARDS = frozenset({"one_movement_per_level_version", "stock_never_oversold", "movement_balances_never_oversold"})


def write_movements(
    rows: Sequence[Mapping[str, Any]], *, kind: str, reason: str, now: datetime | None, frees: bool = False
) -> bool:
    """Append `rows` (the columns of _WRITE_MOVEMENTS) to the ledger and set their levels to the last balances. Where
    they free units (`frees`), the answer is whether somebody waits for units of these levels' variants.

    The levels must be locked: if they were not and somebody else wrote meanwhile, a constraint refuses and
    ConcurrentUpdate is raised.
    """
    message = message_of(reason)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                _WRITE_MOVEMENTS + _SAY_WHO_IS_WAITED_FOR if frees else _WRITE_MOVEMENTS,
                [rows_as_json(rows), kind, reason, json.dumps(message) if message else None, now],
            )
            # The same statement tells it: asked by one more, the levels would stay locked for another round trip.
            return frees and any(waited_for for (waited_for,) in cursor.fetchall())
    except IntegrityError as error:
        # Tried again, the caller locks first: these constraints are the last line of defence, not a refusal.
        if constraint_name(error) in _GUARDS:
            raise ConcurrentUpdate(f"Stock was changed without its lock: {error}") from error
        raise
