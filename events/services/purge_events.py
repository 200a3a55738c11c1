"""Forget old events."""

from datetime import datetime, timedelta
from itertools import takewhile
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
    gone, position = 0, 0
    while last := _purge(before, after=position):
        # From the last one that went: what is deleted stays in the index until the next vacuum, and each batch would
        # read over all that went before it.
        gone, position = gone + last[0], last[1]
    return gone


@transaction.atomic
def _purge(before: datetime, *, after: int) -> tuple[int, int] | None:
    """How many went, and the position of the last of them; None when there is nothing old behind `after`."""
    take_turn()
    Sequencer.objects.filter(kept_from__lt=before).update(kept_from=before)
    # No more is read than goes: the first event that is kept may lie millions of positions ahead.
    oldest = Event.objects.filter(position__gt=after).order_by("position").values_list("position", "created_at")
    old = [position for position, _at in takewhile(lambda row: row[1] < before, oldest[:_BATCH])]
    if not old:
        return None
    return Event.objects.filter(position__gt=after, position__lte=old[-1]).delete()[0], old[-1]
