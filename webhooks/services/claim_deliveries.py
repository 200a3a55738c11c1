"""Take what is to be sent next."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from webhooks.deliveries.claim_sql import claim
from webhooks.deliveries.locking import lock_endpoint, try_lock
from webhooks.deliveries.schedule import FAILURES_TO_HOLD, is_held
from webhooks.endpoints.owners import open_endpoints
from webhooks.models.delivery import Delivery, DeliveryState
from webhooks.models.endpoint import Endpoint, EndpointState

# Longer than a batch takes whose every try runs into its time limit.
LEASE: Final = timedelta(seconds=60)


class Claimed(NamedTuple):
    endpoint: Endpoint
    deliveries: list[Delivery]


class Work(NamedTuple):
    """`in_feed`: there may be events for the endpoint. `is_due`: something is to be sent to it."""

    endpoint_id: UUID
    owner_id: UUID
    in_feed: bool
    is_due: bool


def find_work(*, now: datetime, last: int) -> list[Work]:
    """The endpoints that have some; `last` is the feed's newest position. One statement."""
    due = Delivery.objects.filter(endpoint=OuterRef("pk"), state=DeliveryState.PENDING, due_at__lte=now)
    is_free = Q(held_until=None) | Q(held_until__lte=now)
    with_work = (
        open_endpoints()
        .annotate(in_feed=ExpressionWrapper(Q(position__lt=last), BooleanField()), is_due=Exists(due) & is_free)
        .filter(Q(in_feed=True) | Q(is_due=True))
    )
    return [Work(*row) for row in with_work.order_by("pk").values_list("pk", "owner_id", "in_feed", "is_due")]


@transaction.atomic
def claim_deliveries(*, endpoint_id: UUID, now: datetime, most: int, lease: timedelta = LEASE) -> Claimed | None:
    """Up to `most` deliveries of the endpoint, leased: whoever is not heard of when the lease ends has died, and they
    are sent again. Of an endpoint that failed too often, one. Locks: the endpoint, if nobody else has it."""
    endpoint = try_lock(endpoint_id)
    if endpoint is None or endpoint.state != EndpointState.ENABLED or is_held(endpoint, now):
        return None
    is_probe = endpoint.failures >= FAILURES_TO_HOLD
    claimed = claim(endpoint.pk, now=now, until=now + lease, most=1 if is_probe else most)
    if is_probe and claimed:
        # Until the probe has ended nobody sends another; what came of it sets this anew.
        Endpoint.objects.filter(pk=endpoint.pk).update(held_until=now + lease)
    return Claimed(endpoint, claimed) if claimed else None


@transaction.atomic
def release_deliveries(*, endpoint_id: UUID, delivery_ids: Sequence[UUID], now: datetime) -> None:
    """Give back what was claimed and is not sent now: it is due at once. Locks: the endpoint. Raises NotFound."""
    lock_endpoint(endpoint_id)
    # `tries` stays: what was never begun is no try of the receiver's ten.
    claimed = Delivery.objects.filter(pk__in=delivery_ids, state=DeliveryState.PENDING)
    claimed.update(due_at=now, leased_until=None)
