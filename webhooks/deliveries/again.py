"""Deliveries that are to be sent once more, under the id of their event."""

from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from webhooks.models.delivery import Delivery, DeliveryState


def send_again(delivery_ids: list[UUID]) -> int:
    """Have these begin anew, but for what is on its way at the moment; how many. Their endpoint must be locked."""
    if not delivery_ids:
        return 0
    idle = Q(leased_until=None) | Q(leased_until__lt=Now())
    return Delivery.objects.filter(idle, pk__in=delivery_ids).update(
        state=DeliveryState.PENDING, tries=0, due_at=Now(), leased_until=None, done_at=None
    )
