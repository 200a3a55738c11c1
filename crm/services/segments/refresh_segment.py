"""Look up anew who belongs to a segment. Only what differs is written."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import connection, transaction

from crm.models.segment import Segment
from crm.segments import query as segment_query
from crm.segments import rule as segment_rule
from shared.clock import database_now
from shared.database.transactions import take_time
from shared.errors import InvalidInput
from shared.ids import new_id

log = structlog.get_logger("kontor.segments")

# A rule that many fulfil is hashed and sorted in memory rather than on disk, and may take longer than a request.
_MEMORY = "SET LOCAL work_mem = '128MB'"
_MAX_SECONDS = 300
# One lock a segment, and only for refreshing: whoever edits the segment meanwhile does not wait.
_TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('crm_segment ' || %s, 0))"

_FULFILLING = (
    "DROP TABLE IF EXISTS pg_temp.segment_fulfilling",
    "CREATE TEMPORARY TABLE segment_fulfilling (id uuid) ON COMMIT DROP",
)
_LOOK_UP = "INSERT INTO segment_fulfilling (id) {rule}"
# What PostgreSQL believes of the sizes here is often wrong by a million (the first members of the first segment), and a
# nested loop then takes minutes. EXCEPT reads both sides to the end before anything is written.
_PLAN = ("ANALYZE segment_fulfilling", "SET LOCAL enable_nestloop = off")
# Ids begin like a UUIDv7 of now, so that new entries go to one end of the index.
_CHANGE_MEMBERS = """
WITH present (id) AS MATERIALIZED (SELECT customer_id FROM crm_segment_member WHERE segment_id = %s),
gone AS (
    DELETE FROM crm_segment_member AS member
    USING (TABLE present EXCEPT TABLE segment_fulfilling) AS no_longer (id)
    WHERE member.segment_id = %s AND member.customer_id = no_longer.id
    RETURNING 1
),
come AS (
    INSERT INTO crm_segment_member (id, segment_id, customer_id)
    SELECT (%s || substr(gen_random_uuid()::text, 16))::uuid, %s, new.id
    FROM (TABLE segment_fulfilling EXCEPT TABLE present) AS new (id)
    RETURNING 1
)
SELECT (SELECT count(*) FROM segment_fulfilling), (SELECT count(*) FROM come), (SELECT count(*) FROM gone)
"""
# A rule that was changed while it was looked up is looked up again.
_MOST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Refreshed:
    members: int
    come: int
    gone: int


def refresh_segment(*, segment_id: UUID) -> Refreshed | None:
    """Bring the members in line with the rule, in one transaction; None where there is nothing to do: the segment
    is gone, being refreshed by somebody else, or its rule cannot be read.

    Locks: an advisory lock of the segment, and its new members' customers against deletion.
    """
    done: Refreshed | None = None
    for _ in range(_MOST_ROUNDS):
        with transaction.atomic():
            segment = Segment.objects.filter(pk=segment_id).first() if _lock_segment(segment_id) else None
            changed = _refresh_members(segment) if segment is not None else None
            if segment is None or changed is None:
                return done
            done = changed
            as_read = Segment.objects.filter(pk=segment_id, rule=segment.rule)
            if as_read.update(member_count=done.members, refreshed_at=database_now()):
                break
    return done


def _lock_segment(segment_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_TRY_LOCK, [str(segment_id)])
        return bool(cursor.fetchone()[0])


def _refresh_members(segment: Segment) -> Refreshed | None:
    try:
        rule = segment_rule.parse_rule(segment.rule)
    except InvalidInput as fault:
        log.error("segment_rule_unreadable", segment=str(segment.pk), detail=fault.detail)
        return None
    fulfilling, values = segment_query.customers_in(rule, now=database_now()).values("pk").query.sql_with_params()
    beginning = str(new_id())[:15]
    take_time(_MAX_SECONDS)
    with connection.cursor() as cursor:
        for statement in (_MEMORY, *_FULFILLING):
            cursor.execute(statement)
        cursor.execute(_LOOK_UP.format(rule=fulfilling), values)
        for statement in _PLAN:
            cursor.execute(statement)
        cursor.execute(_CHANGE_MEMBERS, [segment.pk, segment.pk, beginning, segment.pk])
        counted = Refreshed(*cursor.fetchone())
        # Whoever called may have more to do in this transaction.
        cursor.execute("SET LOCAL enable_nestloop = on")
    log.info("segment_refreshed", segment=str(segment.pk), members=counted.members, come=counted.come)
    return counted
