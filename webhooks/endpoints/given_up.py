"""Endpoints that nothing is sent to any more, though nobody switched them off."""

from django.db.models import QuerySet

from crm.reads.badges import Badge
from webhooks.endpoints.owners import existing_endpoints
from webhooks.models.endpoint import DisabledReason, Endpoint, EndpointState


def given_up_endpoints() -> QuerySet[Endpoint]:
    return existing_endpoints().filter(state=EndpointState.DISABLED).exclude(disabled_reason=DisabledReason.BY_HAND)


def count_given_up() -> int:
    """How many, for the sidebar."""
    return _GIVEN_UP.count()


_GIVEN_UP = Badge(given_up_endpoints)
