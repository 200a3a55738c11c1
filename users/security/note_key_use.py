from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from users.models.api_key import ApiKey

PRECISION = timedelta(minutes=5)


def is_due() -> Q:
    """Keys whose last use was noted too long ago."""
    return Q(last_used_at__isnull=True) | Q(last_used_at__lt=Now() - PRECISION)


def note_key_use(*, api_key_id: UUID) -> None:
    """Note that a key was used, at most every 5 minutes: a busy key would otherwise write with every read."""
    ApiKey.objects.filter(is_due(), pk=api_key_id).update(last_used_at=Now())
