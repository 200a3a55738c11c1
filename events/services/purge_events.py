"""Forget old events."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from events.feed.turn import take_turn
from events.models.event import Event
from events.models.sequencer import Sequencer
from shared.clock import database_now

_BATCH: Final = 5_000


def purge_events(*, now: datetime | None = None) -> int:
    """Delete events older than EVENT_RETENTION_DAYS, from the beginning of the feed on, in batches of a transaction
    each; return how many. Locks: the sequencer's turn, so that what is forgotten is not taken for something new."""
    before = (now or database_now()) - timedelta(days=settings.EVENT_RETENTION_DAYS)
    gone = 0
    while (many := _purge(before)) is not None:
        gone += many
    return gone


@transaction.atomic
def _purge(before: datetime) -> int | None:
    """How many went; None when the next one is to be kept, or there is none."""
    take_turn()
    Sequencer.objects.filter(kept_from__lt=before).update(kept_from=before)
    state = Sequencer.objects.first()
    if state is None:
        return None
    # From where the last batch ended: what is deleted stays in the index until a vacuum, and would be read over each
    # time. And no further than a batch: the first event that is kept may lie millions of positions ahead.
    end = min(state.forgotten + _BATCH, state.position)
    batch = Event.objects.filter(position__gt=state.forgotten, position__lte=end)
    kept = batch.filter(created_at__gte=before).order_by("position").values_list("position", flat=True).first()
    end = end if kept is None else kept - 1
    if end <= state.forgotten:
        return None
    Sequencer.objects.update(forgotten=end)
    return batch.filter(position__lte=end).delete()[0]
