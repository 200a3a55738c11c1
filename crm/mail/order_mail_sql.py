"""Orders' e-mails written by the thousand, and what becomes of each noted in one statement.

Each e-mail needs a commit of its own before the mail server is talked to, so that a crash leaves in doubt that one and
no other. As ORM calls the two notes and the entry of the timeline were eleven statements an e-mail.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.db import DatabaseError, connection

from crm.models.activity import ActivityKind
from crm.models.order_mail import OrderMailStatus
from crm.timeline.limits import MAX_TEXT_LENGTH
from shared.database.transactions import retry_transaction
from shared.errors import Unavailable
from shared.ids import new_id

log = structlog.get_logger("kontor.crm")


class AskedFor(NamedTuple):
    """An e-mail about an event; `order_id` is the whole order's."""

    order_id: UUID
    event_id: UUID
    kind: str


_INSERT = f"""
INSERT INTO crm_order_mail (id, order_id, event_id, kind, status, "to", subject, body, error, updated_at)
SELECT asked.*, '{OrderMailStatus.QUEUED}', '', '', '', '', clock_timestamp()
FROM unnest(%(ids)s::uuid[], %(orders)s::uuid[], %(events)s::uuid[], %(kinds)s::text[]) AS asked
ON CONFLICT DO NOTHING
RETURNING id
"""  # noqa: S608 - a name of the code's own
# The two parts touch different rows, so it does not matter that both see the table as it was before. The customer is
# locked here and not by the foreign key alone, which waits for an erasure, too, but then finds the row and is content.
_NOTE = f"""
WITH settled AS (
    UPDATE crm_order_mail
    SET status = '{OrderMailStatus.SENT}', error = '', sent_at = clock_timestamp(), updated_at = clock_timestamp()
    WHERE id = %(sent)s AND status = '{OrderMailStatus.SENDING}'
    RETURNING order_id, author_id, subject, btrim(body, E' \\t\\r\\n') AS body, sent_at
),
told AS (
    INSERT INTO crm_activity (id, kind, customer_id, author_id, subject, text, happened_at)
    SELECT %(activity)s, '{ActivityKind.EMAIL}', customer.id, author_id, subject, left(body, {MAX_TEXT_LENGTH}), sent_at
    FROM settled
    JOIN orders_order AS placed ON placed.id = settled.order_id
    JOIN users_customer AS customer ON customer.id = placed.customer_id
    WHERE %(in_timeline)s AND customer.erased_at IS NULL AND customer.deleted_at IS NULL
      AND (subject <> '' OR body <> '')
    FOR KEY SHARE OF customer
)
UPDATE crm_order_mail
SET status = '{OrderMailStatus.SENDING}', error = '', "to" = %(to)s, subject = %(subject)s, body = %(body)s,
    updated_at = clock_timestamp()
WHERE id = %(next)s AND status = '{OrderMailStatus.QUEUED}'
RETURNING id
"""  # noqa: S608 - names of the code's own

# KEY SHARE, which Django has no word for: a merge need not be waited for all the while.
_LOCK_KNOWN = "SELECT 1 FROM users_customer WHERE id = %s AND erased_at IS NULL AND deleted_at IS NULL FOR KEY SHARE"


def insert_order_mails(mails: Sequence[AskedFor]) -> list[UUID]:
    """Queue those that no other run has written; their ids, the first asked for first."""
    if not mails:
        return []
    order_ids, event_ids, kinds = zip(*mails, strict=True)
    ids = [new_id() for _ in mails]
    values = {"ids": ids, "orders": list(order_ids), "events": list(event_ids), "kinds": [str(kind) for kind in kinds]}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        return sorted(mail_id for (mail_id,) in cursor.fetchall())


def note_order_mails(
    *, sent: UUID | None = None, next_one: UUID | None = None, to: str = "", subject: str = "", body: str = ""
) -> bool:
    """Note that the server took `sent`, with an entry in its customer's timeline, and that `next_one` is handed over
    now; whether that one was still queued: if not, somebody else has it, or it is gone. Commits by itself.

    Tried again where it collides, which is safe: if an earlier try was committed without our hearing of it, the next
    one is SENDING already, and is left in doubt. Whoever has locked the customer, as a merge does, is waited for; in
    the end `sent` is noted without its entry, for in doubt staff would send it twice. Raises Unavailable. Locks: both
    e-mails, and the customer against being deleted or erased.
    """
    values = {"sent": sent, "activity": new_id(), "next": next_one, "to": to, "subject": subject, "body": body}
    try:
        return retry_transaction(lambda _again: _note(values, in_timeline=True), name="note_order_mails")
    except (DatabaseError, Unavailable):
        if sent is None or connection.in_atomic_block:
            raise
        log.warning("order_mail_not_in_timeline", mail=str(sent))
    return retry_transaction(lambda _again: _note(values, in_timeline=False), name="note_order_mails_alone")


def lock_known_customer(customer_id: UUID) -> bool:
    """Whether the customer is neither erased nor deleted, and stays so until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_KNOWN, [customer_id])
        return cursor.fetchone() is not None


def _note(values: Mapping[str, Any], *, in_timeline: bool) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {**values, "in_timeline": in_timeline})
        return cursor.fetchone() is not None
