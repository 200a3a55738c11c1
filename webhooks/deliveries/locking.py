"""The one lock of this app: whoever changes an endpoint or its deliveries holds the endpoint's row."""

from uuid import UUID

from django.utils.translation import gettext

from shared.errors import NotFound
from webhooks.models.endpoint import Endpoint


def lock_endpoint(endpoint_id: UUID) -> Endpoint:
    """Wait for the endpoint's row. Raises NotFound."""
    rows = Endpoint.objects.select_for_update(no_key=True).filter(pk=endpoint_id, deleted_at=None)
    endpoint = rows.first()
    if endpoint is None:
        raise NotFound(gettext("There is no such webhook endpoint."))
    return endpoint


def try_lock(endpoint_id: UUID) -> Endpoint | None:
    """The endpoint, if nobody else holds its row."""
    rows = Endpoint.objects.select_for_update(no_key=True, skip_locked=True)
    return rows.filter(pk=endpoint_id, deleted_at=None).first()
