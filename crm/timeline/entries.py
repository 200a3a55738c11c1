"""A customer's timeline: activities, what happened to orders, and e-mails on their way, newest first."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from orders.models.order_event import MESSAGE

ORDERS, EMAILS = "order", "email"
PAGE = 25
# Events are found by their order. Of a customer who orders more than that, those of orders placed longer ago are not
# looked for: they stand on the order's page.
MAX_ORDERS = 1_000
_MAX_EMAILS = 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_ACTIVITIES = """(
    SELECT a.id, a.happened_at AS at, a.kind, a.subject, a.text, a.author_id, a.deal_id, a.order_id,
        coalesce(about.number, '') AS number, '' AS what, coalesce(mail.status, '') AS state, a.message,
        '' AS state_before, NULL::jsonb AS data
    FROM (
        SELECT * FROM crm_activity WHERE customer_id = %(customer)s {of_kind} {before}
        ORDER BY happened_at DESC, id DESC LIMIT %(limit)s
    ) AS a LEFT JOIN crm_email AS mail ON mail.activity_id = a.id
    LEFT JOIN orders_order AS about ON about.id = a.order_id
)"""
_EVENTS = """(
    SELECT e.id, e.created_at AS at, 'order' AS kind, '' AS subject, e.reason, e.actor_id AS author_id,
        NULL::uuid AS deal_id, o.id AS order_id, o.number, e.kind AS what, e.to_status,
        e.data -> %(message)s, e.from_status, e.data
    FROM (
        SELECT id, number FROM orders_order WHERE customer_id = %(customer)s AND parent_id IS NULL
            AND deleted_at IS NULL {placed_before}
        ORDER BY created_at DESC, id DESC LIMIT %(orders)s
    ) AS o CROSS JOIN LATERAL (SELECT * FROM orders_order_event WHERE order_id = o.id {before} OFFSET 0) AS e
    ORDER BY e.created_at DESC, e.id DESC LIMIT %(limit)s
)"""
# An e-mail that is in the timeline as an activity is there already.
_EMAILS = """(
    SELECT m.id, m.created_at AS at, 'email' AS kind, m.subject, m.body, m.author_id, NULL::uuid AS deal_id,
        NULL::uuid AS order_id, '' AS number, '' AS what, m.status, NULL::jsonb,
        '' AS state_before, NULL::jsonb
    FROM (SELECT * FROM crm_email WHERE customer_id = %(customer)s ORDER BY id DESC LIMIT %(emails)s) AS m
    WHERE m.activity_id IS NULL {before} ORDER BY m.created_at DESC, m.id DESC LIMIT %(limit)s
)"""
_MERGED = """
SELECT entry.*, coalesce(author.email, '') FROM (
    SELECT * FROM ({parts}) AS merged ORDER BY at DESC, id DESC LIMIT %(limit)s
) AS entry
LEFT JOIN users_user AS author ON author.id = entry.author_id ORDER BY entry.at DESC, entry.id DESC
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind` is an activity's, or ORDERS; then `what` is the event's kind, `state` the order's status after it. An
    e-mail's `state` says what became of it. `message`: an activity's, or of the reason of what happened to an order."""

    id: UUID
    at: datetime
    kind: str
    subject: str
    text: str
    author_id: UUID | None
    deal_id: UUID | None
    order_id: UUID | None
    number: str
    what: str
    state: str
    message_json: str | None
    state_before: str
    data_json: str | None
    author: str

    @property
    def message(self) -> Any:
        return json.loads(self.message_json) if self.message_json else None

    @property
    def data(self) -> Any:
        """What is known of what happened to an order."""
        return json.loads(self.data_json) if self.data_json else {}

    @property
    def cursor(self) -> str:
        """Names the place behind this entry."""
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.id.hex}"


@dataclass(frozen=True, slots=True)
class Timeline:
    entries: Sequence[Entry]
    earlier: str = ""  # the cursor of the next page; empty on the last


def timeline(
    customer_id: UUID, *, sources: Collection[str], kind: str = "", before: str = "", limit: int = PAGE
) -> Timeline:
    """A page of what happened before the cursor `before`, of one kind or of all. One statement.

    `sources`: which of "activity", ORDERS and EMAILS the reader may see. A cursor that is none is the first page.
    """
    place = _place_of(before)
    parts = _statements_to_merge(set(sources), kind, has_place=place is not None)
    if not parts:
        return Timeline([])
    at, entry_id = place or (None, None)
    values: dict[str, Any] = {"customer": customer_id, "kind": kind, "at": at, "id": entry_id, "limit": limit + 1}
    with connection.cursor() as cursor:
        sql = _MERGED.format(parts=" UNION ALL ".join(parts))
        cursor.execute(sql, values | {"orders": MAX_ORDERS, "emails": _MAX_EMAILS, "message": MESSAGE})
        entries = [Entry(*row) for row in cursor.fetchall()]
    return Timeline(entries[:limit], entries[limit - 1].cursor if len(entries) > limit else "")


def _statements_to_merge(sources: set[str], kind: str, *, has_place: bool) -> list[str]:
    """The statements to merge; each reads its own index from the cursor on."""
    before = "AND ({}, id) < (%(at)s, %(id)s)" if has_place else ""
    parts = []
    if "activity" in sources and kind != ORDERS:
        of_kind = "AND kind = %(kind)s" if kind else ""
        parts.append(_ACTIVITIES.format(of_kind=of_kind, before=before.format("happened_at")))
    if ORDERS in sources and kind in ("", ORDERS):
        placed_before = "AND created_at <= %(at)s" if has_place else ""
        parts.append(_EVENTS.format(placed_before=placed_before, before=before.format("created_at")))
    if EMAILS in sources and kind in ("", EMAILS):
        parts.append(_EMAILS.format(before=before.format("created_at")))
    return parts


def _place_of(cursor: str) -> tuple[datetime, UUID] | None:
    moment, _, entry_id = cursor.partition("-")
    try:
        return _EPOCH + timedelta(microseconds=int(moment)), UUID(entry_id)
    except (ValueError, OverflowError):
        return None
