"""Tickets that open one stream of live events each."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now

from events.models.stream_ticket import StreamTicket
from shared.clock import database_now
from shared.ids import new_id

LIFETIME: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Issued:
    """`id` is no secret; `ticket` is."""

    id: UUID
    ticket: str
    expires_at: datetime


def issue_ticket(
    *, user_id: UUID, api_key_id: UUID | None = None, family: UUID | None = None, session_key: str = ""
) -> Issued:
    """A new ticket for whoever signed in so. Its text is kept nowhere."""
    ticket_id, expires_at = new_id(), database_now() + LIFETIME
    secret = ticket_of(ticket_id)
    StreamTicket.objects.create(
        id=ticket_id,
        secret_hash=_hash_of(secret),
        user_id=user_id,
        api_key_id=api_key_id,
        family=family,
        session_key=session_key,
        expires_at=expires_at,
    )
    return Issued(ticket_id, secret, expires_at)


def ticket_of(ticket_id: UUID) -> str:
    """The ticket's text: made of SECRET_KEY, so that whoever asks again under the same key is told the same one."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"stream ticket {ticket_id}".encode(), hashlib.sha256)
    return urlsafe_b64encode(digest).decode().rstrip("=")


def redeem_ticket(*, ticket: str) -> StreamTicket | None:
    """The ticket, which is good no more; None for one that is used, expired or unknown. Of several who come with the
    same one at once, in whatever processes, one gets it."""
    found = StreamTicket.objects.filter(secret_hash=_hash_of(ticket), expires_at__gt=Now())
    row = found.select_related("api_key").first()
    if row is None:
        return None
    is_first = StreamTicket.objects.filter(pk=row.pk).delete()[0] == 1
    return row if is_first else None


def _hash_of(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
