"""Stop sending to an endpoint, and begin again."""

from uuid import UUID

import structlog
from django.db import transaction

from shared.background.enqueue import enqueue
from webhooks.deliveries.locking import lock_endpoint
from webhooks.models.endpoint import DisabledReason, Endpoint, EndpointState

log = structlog.get_logger("kontor.webhooks")
MAIL_JOB = "webhooks.send_disabled_mail"


@transaction.atomic
def disable_endpoint(*, endpoint_id: UUID, reason: DisabledReason = DisabledReason.BY_HAND) -> Endpoint:
    """Nothing is sent until it is enabled; what waits goes on waiting. Locks: the endpoint. Raises NotFound."""
    return disable_locked(lock_endpoint(endpoint_id), reason=reason)


@transaction.atomic
def enable_endpoint(*, endpoint_id: UUID) -> Endpoint:
    """Send again, what waits first. Locks: the endpoint. Raises NotFound."""
    return enable_locked(lock_endpoint(endpoint_id))


def enable_locked(endpoint: Endpoint) -> Endpoint:
    """As enable_endpoint, for whoever holds the endpoint's row."""
    if endpoint.state == EndpointState.DISABLED:
        endpoint.state, endpoint.disabled_reason = EndpointState.ENABLED, ""
        # Counted from here: with five days of failures on its account the first new one would disable it again.
        endpoint.failures, endpoint.failing_since, endpoint.held_until = 0, None, None
        endpoint.save()
    return endpoint


def disable_locked(endpoint: Endpoint, *, reason: DisabledReason) -> Endpoint:
    """As disable_endpoint, for whoever holds the endpoint's row. A job writes to staff, unless they did it."""
    if endpoint.state == EndpointState.DISABLED:
        return endpoint
    endpoint.state, endpoint.disabled_reason = EndpointState.DISABLED, reason
    endpoint.save(update_fields=["state", "disabled_reason", "updated_at"])
    if reason != DisabledReason.BY_HAND:
        log.warning("webhook_endpoint_disabled", endpoint=str(endpoint.pk), reason=reason.value)
        enqueue(MAIL_JOB, endpoint_id=str(endpoint.pk))
    return endpoint
