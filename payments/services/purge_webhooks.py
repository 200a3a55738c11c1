"""Forgetting what providers sent: it may tell of payers."""

from datetime import timedelta

from django.conf import settings

from payments.models.webhook_event import WebhookEvent
from shared.clock import database_now

# A transaction each: one over months of webhooks would hold back vacuum and every replica's replay.
_BATCH = 5_000


def purge_webhooks() -> int:
    """Delete webhooks older than WEBHOOK_RETENTION_DAYS, in batches of a transaction each; how many."""
    before = database_now() - timedelta(days=settings.WEBHOOK_RETENTION_DAYS)
    purged = 0
    while True:
        old = WebhookEvent.objects.filter(received_at__lt=before).order_by("received_at")
        keys = list(old.values_list("pk", flat=True)[:_BATCH])
        if not keys:
            return purged
        purged += WebhookEvent.objects.filter(pk__in=keys).delete()[0]
