"""An endpoint, and a delivery to it that failed once."""

from datetime import UTC, datetime

from shared.ids import new_id
from users.models.user import User
from webhooks.models.attempt import Attempt
from webhooks.models.delivery import Delivery
from webhooks.models.endpoint import Endpoint
from webhooks.services.save_endpoint import create_endpoint

_NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def fill_webhooks(owner: User) -> Endpoint:
    endpoint, _ = create_endpoint(owner=owner, url="https://example.com/kontor", types=["order.*"])
    delivery = Delivery.objects.create(
        endpoint=endpoint, position=1, event_id=new_id(), event_type="order.paid", aggregate_id=new_id(), tries=1
    )
    Attempt.objects.create(delivery=delivery, at=_NOON, status=500, milliseconds=12, answer="Oh")
    return endpoint
