"""Who opens a stream, and whether they still may. For threads: everything here asks the database."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models.functions import Now
from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.request import Request

from events.api.rights import OfWhoReadsEvents
from events.feed.event_access import EventAccess, event_access_of
from events.models.stream_ticket import StreamTicket
from events.services.stream_tickets import redeem_ticket
from users.api.authentication import ApiKeyAuthentication, BearerAuthentication
from users.models.user import User
from users.security.credentials import find_api_key, find_user

_SCHEMES: Final = (BearerAuthentication(), ApiKeyAuthentication())
_GONE: Final = "The sign-in that this ticket stood for has ended."


class Credentials(ABC):
    """What a stream was opened with. Equal ones are looked up together."""

    @abstractmethod
    def look_up(self) -> tuple[Any, Any]:
        """The user as it is now, and the key, if it is one's. Raises AuthenticationFailed."""


@dataclass(frozen=True, slots=True)
class Header(Credentials):
    """`Authorization`, as for the API: a token that expires ends its stream."""

    text: str

    def look_up(self) -> tuple[Any, Any]:
        request: Any = HttpRequest()
        request.META["HTTP_AUTHORIZATION"] = self.text
        for scheme in _SCHEMES:
            found = scheme.authenticate(request)
            if found is not None:
                return found[0], found[1]
        raise NotAuthenticated


@dataclass(frozen=True, slots=True)
class Ticket(Credentials):
    """What a ticket stood for when it was used. `password`: a new one ends what the old one began."""

    user_id: UUID
    key_hash: str
    family: UUID | None
    session_key: str
    password: str

    def look_up(self) -> tuple[Any, Any]:
        if self.key_hash:
            key = find_api_key(self.key_hash)
            found: tuple[Any, Any] = (key.owner, key) if key else (None, None)
        elif self.family:
            found = find_user(self.user_id, family=self.family), None
        else:
            found = self._user_of_session(), None
        user = found[0]
        if user is None or not user.is_active or user.password != self.password:
            raise AuthenticationFailed(_GONE)
        return found

    def _user_of_session(self) -> User | None:
        sessions = Session.objects.filter(session_key=self.session_key, expire_date__gt=Now())
        return User.objects.filter(pk=self.user_id).first() if sessions.exists() else None


def use_ticket(text: str) -> Credentials:
    """Raises AuthenticationFailed for one that is used, expired or unknown."""
    ticket: StreamTicket | None = redeem_ticket(ticket=text)
    if ticket is None:
        raise AuthenticationFailed("The ticket is unknown, expired or used: ask for another one.")
    key_hash = ticket.api_key.secret_hash if ticket.api_key else ""
    password = User.objects.filter(pk=ticket.user_id).values_list("password", flat=True).first() or ""
    return Ticket(ticket.user_id, key_hash, ticket.family, ticket.session_key, password)


def look_up_access(credentials: Credentials) -> EventAccess:
    """Which events may be sent now. Raises AuthenticationFailed, or PermissionDenied, as GET /events does."""
    user, auth = credentials.look_up()
    view: Any = OfWhoReadsEvents()
    request = Request(HttpRequest())
    request.method = "GET"
    request.user, request.auth = user, auth
    for permission in (kind() for kind in view.permission_classes):
        if not permission.has_permission(request, view):
            raise PermissionDenied(getattr(permission, "message", None), getattr(permission, "code", None))
    return event_access_of(user)
