"""From claimed deliveries to what is sent."""

import time
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError, connection

from events.feed.reading import seen_by
from events.models.event import Event
from users.models.user import User
from webhooks.endpoints.owners import may_read_events
from webhooks.endpoints.secrets import SecretUnreadable, signing_secrets
from webhooks.models.delivery import Delivery
from webhooks.models.endpoint import DisabledReason, Endpoint
from webhooks.sending.payloads import payload_of, test_payload
from webhooks.sending.post import Post
from webhooks.services.claim_deliveries import Claimed
from webhooks.services.disable_endpoint import disable_endpoint
from webhooks.services.record_attempts import Outcome

# For how long somebody's rights are not looked up anew. That they are active, and the key is good, always is.
RIGHTS_SECONDS = 5.0
log = structlog.get_logger("kontor.webhooks")
_BROKEN = "What is to be sent could not be put together: see the log."
_WITHHELD = "The endpoint's owner may not see the event, or it is not kept any more."


class Prepared(NamedTuple):
    """`refused`: what there is nothing to send for. `put_back`: what was not looked at."""

    posts: list[Post]
    refused: list[Outcome]
    put_back: list[UUID]


class Owners:
    """Users as whom the feed is read, each for some seconds."""

    def __init__(self) -> None:
        self._known: dict[UUID, tuple[float, User | None]] = {}

    def owner_of(self, owner_id: UUID) -> User | None:
        """None for whoever may not read events."""
        now = time.monotonic()
        until, user = self._known.get(owner_id, (0.0, None))
        if until <= now:
            found = User.objects.filter(pk=owner_id).first()
            user = found if found is not None and may_read_events(found) else None
            self._known[owner_id] = (now + RIGHTS_SECONDS, user)
        return user


def prepare_posts(claimed: Claimed, *, owner: User | None, now: datetime, begun_by: float) -> Prepared:
    """The events as the owner sees them now: rights may have gone since the delivery was written.

    When the database cannot read a record, its try has failed, and what comes after it is put back: others do not wait
    until each of them has run into its time limit.
    """
    endpoint = claimed.endpoint
    try:
        secrets = signing_secrets(endpoint, now=now)
    except SecretUnreadable:
        disable_endpoint(endpoint_id=endpoint.pk, reason=DisabledReason.SECRET)
        return Prepared([], [], [])
    if owner is not None:
        endpoint.owner = owner
    seen = _events_of(claimed.deliveries, owner)
    posts, refused = list[Post](), list[Outcome]()
    for place, delivery in enumerate(claimed.deliveries):
        fault = _WITHHELD
        try:
            body = _body_of(delivery, endpoint, seen.get(delivery.event_id))
        except (DatabaseError, InterfaceError):
            if is_cut_off():
                raise
            log.error("webhook_payload_failed", delivery=str(delivery.pk), exc_info=True)
            behind = [one.pk for one in claimed.deliveries[place + 1 :]]
            return Prepared(posts, [*refused, unread(delivery, now)], behind)
        except Exception:  # whatever one record holds, the others' events are sent
            log.error("webhook_payload_failed", delivery=str(delivery.pk), exc_info=True)
            body, fault = None, _BROKEN
        if body is None:
            refused.append(Outcome(delivery.pk, now, 0, error=fault, is_final=True))
        else:
            message_id = str(delivery.event_id)
            posts.append(Post(endpoint.pk, delivery.pk, message_id, endpoint.url, body, secrets, begun_by))
    return Prepared(posts, refused, [])


def unread(delivery: Delivery, now: datetime) -> Outcome:
    """The try has failed, and that was not the receiver's fault."""
    return Outcome(delivery.pk, now, 0, error=_BROKEN, is_ours=True)


def is_cut_off() -> bool:
    """Whether this thread has no connection to the database any more."""
    return connection.connection is None or bool(connection.connection.closed)


def _body_of(delivery: Delivery, endpoint: Endpoint, event: Event | None) -> bytes | None:
    if delivery.position is None:
        return test_payload(delivery, endpoint)
    return payload_of(event, endpoint) if event is not None else None


def _events_of(deliveries: Iterable[Delivery], owner: User | None) -> dict[UUID, Event]:
    positions = [delivery.position for delivery in deliveries if delivery.position is not None]
    if owner is None or not positions:
        return {}
    return {event.pk: event for event in seen_by(owner, None).filter(position__in=positions)}
