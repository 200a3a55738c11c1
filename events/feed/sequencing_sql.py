"""The statement that takes what the ledgers have and the feed has not, and numbers it.

Which rows: those of transactions from the horizon on, that have no event yet. The horizon is the oldest transaction
that was still running when it was last looked; it may commit late, and keeps the window open, but nobody waits for it.
Afterwards: a statement's snapshot sees all that ended before it, so the next horizon is this snapshot's.
"""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from events.feed.order_events import INVOICES, ORDERS
from events.feed.record_events import AS_UUID, RECORDS, TABLES
from events.feed.stock_events import STOCK

# The numbers of transactions begin anew when a database is restored elsewhere: then the horizon lies ahead of them all,
# and whatever the ledgers have is looked at once, as at the very first time.
_WINDOW = """
l.feed_tx >= CASE WHEN %(horizon)s > {next} THEN 0 ELSE %(horizon)s END
AND l.feed_tx < CASE WHEN %(horizon)s BETWEEN 1 AND {next} THEN {next} ELSE 9223372036854775807 END
AND l.{at} >= %(kept_from)s
AND NOT EXISTS (SELECT FROM events_event AS f WHERE f.id = {key})
"""
# The first transaction whose rows this statement cannot see; its own rows it sees.
_NEXT = (
    "greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint,"
    " pg_current_xact_id_if_assigned()::text::bigint + 1)"
)


def _candidates(source: str, table: str, at: str, *, key: str = "l.id", number: str = "0", where: str = "true") -> str:
    window = _WINDOW.format(next=_NEXT, at=at, key=key)
    return (
        f"SELECT l.feed_serial AS serial, '{source}' AS source, {key} AS id, {number}::bigint AS number, l.{at} AS at"
        f" FROM {table} AS l WHERE {where} AND {window}"
    )


# Of every row that the feed has not: `serial`, `source`, `id`, `number`, and when it was written, `at`.
CANDIDATES = "\nUNION ALL\n".join(
    (
        _candidates("order_event", "orders_order_event", "created_at"),
        _candidates("stock_movement", "inventory_stock_movement", "created_at"),
        _candidates("invoice", "orders_invoice", "issued_at"),
        _candidates(
            "record_change",
            "shared_record_change",
            "at",
            key=AS_UUID.format(number="l.id"),
            number="l.id",
            where=f'l."table" IN ({TABLES})',
        ),
    )
)

_SQL = f"""
WITH candidates AS MATERIALIZED (
    SELECT * FROM (
        {CANDIDATES}
    ) AS ledgers
    ORDER BY serial
    LIMIT %(most)s
),
told AS (
    {ORDERS} UNION ALL {STOCK} UNION ALL {INVOICES} UNION ALL {RECORDS}
),
ranked AS (
    -- Of one record's rows the later has the higher serial: it was drawn under the record's lock.
    SELECT *, row_number() OVER (ORDER BY serial, part) AS place,
           row_number() OVER (PARTITION BY aggregate_id ORDER BY serial, part) AS nth,
           count(*) OVER (PARTITION BY aggregate_id) AS many
    FROM told
),
counted AS (
    INSERT INTO events_aggregate_sequence AS a (aggregate_id, sequence)
    SELECT aggregate_id, count(*) FROM told GROUP BY aggregate_id
    ON CONFLICT (aggregate_id) DO UPDATE SET sequence = a.sequence + excluded.sequence
    RETURNING aggregate_id, sequence
),
written AS (
    INSERT INTO events_event (position, id, type, aggregate_type, aggregate_id, sequence, seller_id, data, created_at)
    SELECT %(position)s + place, id, type, aggregate_type, aggregate_id, counted.sequence - many + nth, seller_id, data,
           created_at
    FROM ranked JOIN counted USING (aggregate_id)
    RETURNING position
)
SELECT (SELECT count(*) FROM candidates), (SELECT coalesce(max(position), %(position)s) FROM written),
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint
"""


class Written(NamedTuple):
    """`taken`: rows of the ledgers. `position`: the last one given out. `running`: the oldest transaction that had not
    ended when this was read."""

    taken: int
    position: int
    running: int


def write_events(*, horizon: int, kept_from: datetime, position: int, most: int) -> Written:
    """Write the events of up to `most` rows that transactions from `horizon` on have written. The caller holds the
    sequencer's lock, taken by a statement before this one, so that this one's snapshot is later."""
    values: dict[str, Any] = {"horizon": horizon, "kept_from": kept_from, "position": position, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        return Written(*cursor.fetchone())


def running_transactions() -> tuple[int, int]:
    """The oldest transaction that has not ended, and the first that has not begun."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint"
            " FROM pg_current_snapshot() AS now"
        )
        oldest, next_one = cursor.fetchone()
    return int(oldest), int(next_one)
