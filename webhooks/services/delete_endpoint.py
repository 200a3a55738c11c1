"""Give an endpoint up, and forget what is old."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from shared.background.enqueue import enqueue
from shared.clock import database_now
from shared.database.purging import delete_in_batches
from shared.planner.lookups import InlineWord
from webhooks.deliveries.locking import lock_endpoint
from webhooks.models.attempt import Attempt
from webhooks.models.delivery import Delivery, DeliveryState
from webhooks.models.endpoint import Endpoint

KEPT: Final = timedelta(days=30)
PURGE_JOB: Final = "webhooks.purge_deliveries"


@transaction.atomic
def delete_endpoint(*, endpoint_id: UUID) -> None:
    """Nothing is sent to it any more, and nobody sees it; a job takes its deliveries away. Locks: the endpoint. Raises
    NotFound."""
    endpoint = lock_endpoint(endpoint_id)
    # Marked, not deleted: a month of deliveries would go by cascade in one long transaction, under the endpoint's lock.
    endpoint.deleted_at = database_now()
    endpoint.save(update_fields=["deleted_at", "updated_at"])
    # Not only at night: what waits for nobody counts as waiting until then, and is told to the operators.
    enqueue(PURGE_JOB)


def purge_deliveries(*, now: datetime | None = None) -> int:
    """Delete deliveries and attempts of more than 30 days ago, and deleted endpoints with all of theirs, in batches of
    a transaction each; how many rows. What is open still stays."""
    before = (now or database_now()) - KEPT
    # A literal, so that the partial index delivery_made is read whatever the plan is cached for.
    old = Delivery.objects.filter(created_at__lt=before).exclude(state=InlineWord(DeliveryState.PENDING))
    gone = delete_in_batches(old)
    gone += delete_in_batches(Attempt.objects.filter(at__lt=before))
    for endpoint_id in list(Endpoint.objects.exclude(deleted_at=None).values_list("pk", flat=True)):
        gone += delete_in_batches(Delivery.objects.filter(endpoint=endpoint_id))
        gone += Endpoint.objects.filter(pk=endpoint_id).delete()[0]
    return gone
