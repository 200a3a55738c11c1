"""Write a delivery for every event that an endpoint asked for and its owner may see."""

from typing import Any, Final
from uuid import UUID

from django.db import transaction

from events.feed.reading import first_position, seen_by
from events.feed.types import types_like
from events.models.event import Event
from webhooks.deliveries.again import send_again
from webhooks.deliveries.locking import try_lock
from webhooks.models.delivery import Delivery, DeliveryState
from webhooks.models.endpoint import Endpoint, EndpointState

# Positions that one transaction looks at.
BATCH: Final = 1_000
# What waits at one endpoint; the rest stays in the feed until there is room.
MOST_WAITING: Final = 5_000


@transaction.atomic
def relay_events(*, endpoint_id: UUID, owner: Any, last: int) -> bool:
    """Write the deliveries of the next events up to the position `last`, and move the endpoint's position with them;
    whether there may be more now. `owner`: the endpoint's, as whom the feed is read.

    Events that are forgotten by now are passed over. Locks: the endpoint, if nobody else has it.
    """
    endpoint = try_lock(endpoint_id)
    if endpoint is None or endpoint.state != EndpointState.ENABLED or endpoint.position >= last:
        return False
    # Room for a whole batch, as every event in it may be one that the endpoint asked for.
    if waiting_at(endpoint.pk) > MOST_WAITING - BATCH:
        return False
    after = max(endpoint.position, first_position() - 1)
    end = min(after + BATCH, last)
    types = {name for pattern in endpoint.types for name in types_like(pattern)}
    seen = seen_by(owner, types).filter(position__gt=after, position__lte=end).order_by("position")
    _write_deliveries(endpoint, list(seen.only("id", "position", "type", "aggregate_id")))
    # With the deliveries or not at all: between two transactions a crash would lose them, or write them twice.
    Endpoint.objects.filter(pk=endpoint.pk).update(position=end)
    return end < last


def waiting_at(endpoint_id: UUID) -> int:
    """How many deliveries of the endpoint are open, counted up to MOST_WAITING."""
    pending = Delivery.objects.filter(endpoint=endpoint_id, state=DeliveryState.PENDING).order_by()
    return pending.values("pk")[:MOST_WAITING].count()


def _write_deliveries(endpoint: Endpoint, events: list[Event]) -> None:
    """Those that are there, when events are replayed, are sent once more."""
    there = Delivery.objects.filter(endpoint=endpoint.pk, position__in=[event.position for event in events])
    known = dict(there.values_list("position", "pk"))
    send_again(list(known.values()))
    Delivery.objects.bulk_create(
        Delivery(
            endpoint_id=endpoint.pk,
            position=event.position,
            event_id=event.pk,
            event_type=event.type,
            aggregate_id=event.aggregate_id,
        )
        for event in events
        if event.position not in known
    )
