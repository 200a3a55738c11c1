"""Forgetting old idempotency keys: their orders stay, but the same key may then place another."""

from datetime import datetime, timedelta

from django.conf import settings

from shared.clock import database_now
from shared.database.purging import delete_in_batches
from shared.models.idempotency_key import IdempotencyKey


def purge_idempotency_keys(*, now: datetime | None = None, batch_size: int = 1000) -> int:
    """Delete keys older than IDEMPOTENCY_KEY_DAYS; return how many. A transaction a batch."""
    limit = (now or database_now()) - timedelta(days=settings.IDEMPOTENCY_KEY_DAYS)
    return delete_in_batches(IdempotencyKey.objects.filter(created_at__lt=limit), batch_size=batch_size)
