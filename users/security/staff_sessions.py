"""Sign-ins to the admin: noted, seen, ended; with all of them those over the API."""

from datetime import timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext

from shared.errors import NotFound
from users.models.refresh_family import RefreshFamily
from users.models.staff_session import StaffSession
from users.models.user import User

_MOST_LISTED = 100


def start_session(*, user: User, session_key: str, address: str, browser: str) -> StaffSession:
    """Note a sign-in, so that it can be seen and ended."""
    return StaffSession.objects.create(
        user=user, session_key=session_key, address=address.split("/", maxsplit=1)[0] or None, browser=browser[:300]
    )


def see_session(*, session_id: UUID, session_key: str) -> None:
    """Note that it is still in use, and under which key: a new password gives it another."""
    StaffSession.objects.filter(pk=session_id).update(last_seen_at=Now(), session_key=session_key)


def list_sessions(*, user: User) -> list[StaffSession]:
    """The latest ones that are still good."""
    return list(_living_sessions(StaffSession.objects.filter(user=user))[:_MOST_LISTED])


def _living_sessions(sessions: QuerySet[StaffSession]) -> QuerySet[StaffSession]:
    good = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=Now())
    return sessions.filter(Exists(good))


def end_session(*, user: User, session_id: UUID) -> None:
    """Whoever uses it is signed out with the next request. Raises NotFound."""
    if not _end_sessions(Q(user=user, pk=session_id)):
        raise NotFound(gettext("This session has ended already."))


def end_sessions(*, user: User, but: UUID | None = None) -> int:
    """End all of the user's sessions, except `but`, and all tokens of the API; how many sessions."""
    with transaction.atomic():
        end_tokens(user=user)
        return _end_sessions(Q(user=user) & ~Q(pk=but) if but else Q(user=user))


def end_tokens(*, user: User) -> None:
    """Whoever signed in over the API signs in anew. Locks the user's row.

    A new generation ends those, too, that are being made at this moment for somebody whose password was looked at
    before: their family is not there yet.
    """
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(token_generation=F("token_generation") + 1)
        RefreshFamily.objects.filter(user=user).delete()


def _end_sessions(which: Q) -> int:
    with transaction.atomic():
        sessions = dict(StaffSession.objects.filter(which).values_list("pk", "session_key"))
        Session.objects.filter(session_key__in=sessions.values()).delete()
        StaffSession.objects.filter(pk__in=sessions).delete()
    return len(sessions)


def forgotten_sessions() -> QuerySet[StaffSession]:
    """Those whose session is over or gone; a new one is given time to be written."""
    is_there = Exists(Session.objects.filter(session_key=OuterRef("session_key")))
    return StaffSession.objects.filter(~is_there, last_seen_at__lt=Now() - timedelta(hours=1))
