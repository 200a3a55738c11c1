"""Send on demand: a test, one delivery, or all events from a position on."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.feed.reading import check_position, last_position
from shared.errors import NotFound, Refusal
from shared.ids import new_id
from webhooks.deliveries.again import send_again
from webhooks.deliveries.locking import lock_endpoint
from webhooks.models.delivery import TEST_TYPE, Delivery
from webhooks.models.endpoint import Endpoint, EndpointState


class EndpointDisabled(Refusal):
    code = "endpoint_disabled"
    title = _("Nothing is sent to a disabled endpoint")


@transaction.atomic
def send_test(*, endpoint_id: UUID) -> Delivery:
    """Send something that is no event, to see whether it arrives. Locks: the endpoint. Raises NotFound or
    EndpointDisabled."""
    endpoint = _lock_enabled(endpoint_id)
    made = Delivery.objects.create(endpoint=endpoint, event_id=new_id(), event_type=TEST_TYPE, aggregate_id=endpoint.pk)
    # Read back: its times are defaults of the database's.
    return Delivery.objects.get(pk=made.pk)


@transaction.atomic
def redeliver(*, delivery_id: UUID) -> Delivery:
    """Send it once more, under the same id; one that is on its way at the moment is. Locks: its endpoint. Raises
    NotFound or EndpointDisabled."""
    delivery = Delivery.objects.filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound(gettext("There is no such delivery."))
    _lock_enabled(delivery.endpoint_id)
    send_again([delivery_id])
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def replay_events(*, endpoint_id: UUID, after: int) -> Endpoint:
    """Send all events behind the position once more, those that were sent already under their same ids. Locks: the
    endpoint. Raises PositionGone, InvalidInput, NotFound or EndpointDisabled."""
    endpoint = _lock_enabled(endpoint_id)
    # Never forwards: that would pass over what has not been relayed yet.
    endpoint.position = min(check_position(after, last_position()), endpoint.position)
    endpoint.save(update_fields=["position", "updated_at"])
    return endpoint


def _lock_enabled(endpoint_id: UUID) -> Endpoint:
    endpoint = lock_endpoint(endpoint_id)
    if endpoint.state == EndpointState.DISABLED:
        raise EndpointDisabled(gettext("Enable the endpoint first."))
    return endpoint
