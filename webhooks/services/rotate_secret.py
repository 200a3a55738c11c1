"""Give an endpoint a new secret."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shared.clock import database_now
from webhooks.deliveries.locking import lock_endpoint
from webhooks.endpoints.secrets import BOTH_SIGN, new_secret, seal
from webhooks.models.endpoint import Endpoint


@transaction.atomic
def rotate_secret(*, endpoint_id: UUID, now: datetime | None = None) -> tuple[Endpoint, str]:
    """The endpoint and its new secret, readable in this answer alone. For 24 hours the one before signs as well; what
    was before that one does not any more. Locks: the endpoint. Raises NotFound."""
    endpoint, secret = lock_endpoint(endpoint_id), new_secret()
    endpoint.previous_secret, endpoint.secret = endpoint.secret, seal(secret)
    endpoint.previous_until = (now or database_now()) + BOTH_SIGN
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until", "updated_at"])
    return endpoint, secret
