"""As whom an endpoint gets its events."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext

from users.models.user import User
from webhooks.models.endpoint import Endpoint, EndpointState

# Whoever reads the feed needs it, and so does whoever is sent it.
READS_EVENTS = "events.view_event"


def existing_endpoints() -> QuerySet[Endpoint]:
    return Endpoint.objects.filter(deleted_at=None)


def open_endpoints() -> QuerySet[Endpoint]:
    """Those that are sent to. One whose owner is inactive, or whose key has ended, is paused: events wait for it."""
    key_is_good = Q(api_key=None) | Q(api_key__revoked_at=None) & (
        Q(api_key__expires_at=None) | Q(api_key__expires_at__gt=Now())
    )
    return existing_endpoints().filter(
        key_is_good, state=EndpointState.ENABLED, owner__is_active=True, owner__is_staff=True
    )


def may_read_events(owner: User) -> bool:
    return owner.is_active and owner.is_staff and owner.has_perm(READS_EVENTS)


def pause_reason(endpoint: Endpoint) -> str:
    """Why an enabled endpoint is sent nothing at the moment; empty if it is. By this process's clock."""
    key = endpoint.api_key
    if not (endpoint.owner.is_active and endpoint.owner.is_staff):
        return gettext("Its owner is not active.")
    if key is not None and (key.revoked_at or (key.expires_at and key.expires_at <= timezone.now())):
        return gettext("The API key that made it has ended.")
    return ""
