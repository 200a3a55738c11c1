"""Jobs on sign-in; config/jobs.py says when they run."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from shared.clock import database_now
from shared.database.purging import delete_in_batches
from users.models.refresh_family import RefreshFamily
from users.models.sign_in import KnownPlace, SignInFailures
from users.security.places import KNOWN_FOR
from users.security.staff_sessions import forgotten_sessions


def purge_expired_tokens(timestamp: int | None = None) -> int:
    """What is kept of refresh tokens nobody can use any more; and what processes of the version before still wrote."""
    now = database_now()
    delete_in_batches(OutstandingToken.objects.filter(expires_at__lt=now))
    return delete_in_batches(RefreshFamily.objects.filter(expires_at__lt=now))


def purge_expired_sessions(timestamp: int | None = None) -> int:
    """Sessions of the admin, and what is noted of them and of tries to sign in."""
    now = database_now()
    expired = delete_in_batches(Session.objects.filter(expire_date__lt=now))
    delete_in_batches(forgotten_sessions())
    delete_in_batches(SignInFailures.objects.filter(last_at__lt=now - timedelta(days=1)))
    delete_in_batches(KnownPlace.objects.filter(last_used_at__lt=now - KNOWN_FOR))
    return expired
