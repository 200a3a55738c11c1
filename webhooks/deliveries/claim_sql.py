"""What may be sent next. Of each record in order: one at a time, and none before an earlier one had its first tries."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from webhooks.deliveries.schedule import TRIES_IN_ORDER
from webhooks.models.delivery import Delivery

# Of an endpoint some thousand wait at most (webhooks/services/relay_events.py), so all of them may be looked at.
_CLAIM = """
WITH waiting AS (
    SELECT id, due_at, bool_or(leased_until > %(now)s) OVER (PARTITION BY aggregate_id) AS is_in_flight,
           count(*) FILTER (WHERE tries < %(in_order)s) OVER (
               PARTITION BY aggregate_id ORDER BY position, id
               ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW
           ) AS ahead,
           row_number() OVER (PARTITION BY aggregate_id, due_at <= %(now)s ORDER BY position, id) AS place
    FROM webhooks_delivery
    WHERE endpoint_id = %(endpoint)s AND state = 'pending'
)
UPDATE webhooks_delivery AS d SET leased_until = %(until)s, due_at = %(until)s
FROM (
    SELECT id FROM waiting WHERE due_at <= %(now)s AND ahead = 0 AND place = 1 AND is_in_flight IS NOT TRUE
    ORDER BY due_at, id LIMIT %(most)s
) AS next
WHERE d.id = next.id
RETURNING d.id, d.position, d.event_id, d.event_type, d.aggregate_id, d.tries, d.created_at
"""
_COLUMNS = ("id", "position", "event_id", "event_type", "aggregate_id", "tries", "created_at")


def claim(endpoint_id: UUID, *, now: datetime, until: datetime, most: int) -> list[Delivery]:
    """Lease up to so many of the endpoint's deliveries. The endpoint must be locked."""
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {
            "endpoint": endpoint_id,
            "now": now,
            "until": until,
            "most": most,
            "in_order": TRIES_IN_ORDER,
        }
        cursor.execute(_CLAIM, asked)
        return [Delivery(**dict(zip(_COLUMNS, row, strict=True))) for row in cursor.fetchall()]
