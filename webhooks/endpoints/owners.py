"""As whom an endpoint gets its events."""

from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext

from users.models.api_key import Scope
from users.models.user import User
from webhooks.models.endpoint import Endpoint, EndpointState

# Whoever reads the feed needs it, and so does whoever is sent it.
READS_EVENTS = "events.view_event"


def existing_endpoints() -> QuerySet[Endpoint]:
    return Endpoint.objects.filter(deleted_at=None)


def open_endpoints() -> QuerySet[Endpoint]:
    """Those that are sent to. One whose owner is inactive or may not read events, or whose key has ended or may not, is
    paused: events wait for it."""
    key_is_good = Q(api_key=None) | Q(api_key__revoked_at=None, api_key__scopes__contains=[Scope.EVENTS_READ]) & (
        Q(api_key__expires_at=None) | Q(api_key__expires_at__gt=Now())
    )
    return existing_endpoints().filter(
        key_is_good, owner_reads(), state=EndpointState.ENABLED, owner__is_active=True, owner__is_staff=True
    )


def owner_reads() -> Q:
    """Of endpoints: the owner has the right to read events. As has_perm, without a statement for each of them."""
    app_label, _, codename = READS_EVENTS.partition(".")
    granted = Permission.objects.filter(
        Q(group__user=OuterRef("owner")) | Q(user=OuterRef("owner")),
        content_type__app_label=app_label,
        codename=codename,
    )
    return Q(owner__is_superuser=True) | Q(Exists(granted))


def may_read_events(owner: User) -> bool:
    return owner.is_active and owner.is_staff and owner.has_perm(READS_EVENTS)


def pause_reason(endpoint: Endpoint) -> str:
    """Why an enabled endpoint is sent nothing at the moment; empty if it is. By this process's clock. Of endpoints as
    endpoints_shown reads them: `owner_reads` says whether the owner has the right."""
    key = endpoint.api_key
    if not (endpoint.owner.is_active and endpoint.owner.is_staff):
        return gettext("Its owner is not active.")
    if not endpoint.owner_reads:  # type: ignore[attr-defined]
        return gettext("Its owner may not read events.")
    if key is not None and (key.revoked_at or (key.expires_at and key.expires_at <= timezone.now())):
        return gettext("The API key that made it has ended.")
    if key is not None and Scope.EVENTS_READ not in key.scopes:
        return gettext("The API key that made it may not read events.")
    return ""
