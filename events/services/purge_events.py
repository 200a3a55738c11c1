"""Forget old events."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from events.feed.turn import take_turn
from events.models.event import Event
from events.models.sequencer import Sequencer
from shared.clock import database_now

_BATCH: Final = 10_000


def purge_events(*, now: datetime | None = None) -> int:
    """Delete events older than EVENT_RETENTION_DAYS, from the beginning of the feed on, in batches of a transaction
    each; return how many. Locks: the sequencer's turn, so that what is forgotten is not taken for something new."""
    before = (now or database_now()) - timedelta(days=settings.EVENT_RETENTION_DAYS)
    gone = 0
    while many := _purge(before):
        gone += many
    return gone


@transaction.atomic
def _purge(before: datetime) -> int:
    take_turn()
    Sequencer.objects.filter(kept_from__lt=before).update(kept_from=before)
    first_kept = Event.objects.filter(created_at__gte=before).order_by("position").values("position")[:1]
    oldest = Event.objects.order_by("position")
    kept = first_kept.first()
    old = oldest.filter(position__lt=kept["position"]) if kept else oldest
    positions = list(old.values_list("position", flat=True)[:_BATCH])
    if not positions:
        return 0
    return Event.objects.filter(position__lte=positions[-1]).delete()[0]
