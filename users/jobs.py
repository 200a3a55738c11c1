"""Jobs on sign-in; config/jobs.py says when they run."""

from django.contrib.sessions.models import Session
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from shared.clock import database_now
from shared.purging import delete_in_batches


def purge_expired_tokens(timestamp: int | None = None) -> int:
    """Refresh tokens nobody can use any more, and whether they were revoked."""
    return delete_in_batches(OutstandingToken.objects.filter(expires_at__lt=database_now()))


def purge_expired_sessions(timestamp: int | None = None) -> int:
    return delete_in_batches(Session.objects.filter(expire_date__lt=database_now()))
