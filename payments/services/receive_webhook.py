"""A provider tells us something by itself."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError

from payments.models.webhook_event import WebhookEvent
from payments.providers.registry import provider_named
from shared.background.enqueue import enqueue
from shared.clock import database_now
from shared.database.conflicts import constraint_name
from shared.database.transactions import outermost_transaction
from shared.ids import new_id

# Enough to check the signature once more and to see who said it; nothing else of the request is kept.
_KEPT_HEADERS = (
    "content-type",
    "user-agent",
    "stripe-signature",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
)


def receive_webhook(
    *, provider: str, body: bytes, headers: Mapping[str, str], now: datetime | None = None
) -> WebhookEvent | None:
    """Check the signature over the very bytes, then keep them and queue what is to be done with them, in one
    transaction; None for an event that is kept already. Only what is kept may be acknowledged.

    Raises ProviderNotFound, BadSignature: then nothing is kept.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    event_id = provider_named(provider).check_webhook(body, lowered)
    try:
        with outermost_transaction():
            event = WebhookEvent.objects.create(
                id=new_id(),
                provider=provider,
                event_id=event_id,
                body=body,
                headers={name: lowered[name] for name in _KEPT_HEADERS if name in lowered},
                received_at=now or database_now(),
            )
            # In the same transaction: a job before the commit would find no row, one after it may be lost in a crash.
            enqueue("payments.process_webhook", webhook_id=str(event.pk))
    except IntegrityError as error:
        # Not looked up before: two deliveries of one event may come at once, and only the constraint sees both.
        if constraint_name(error) != "webhook_once_per_provider":
            raise
        return None
    return event
