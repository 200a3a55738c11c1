"""Take what the ledgers have and the feed has not, and number it."""

from datetime import UTC, datetime
from typing import Final

from django.db import transaction

from events.feed.sequencing_sql import write_events
from events.feed.turn import try_turn
from events.models.sequencer import Sequencer
from shared.database.transactions import take_time

_BEGINNING = datetime.fromtimestamp(0, UTC)
# One statement's work: 20,000 events take a few seconds and some 50 MB.
MOST: Final = 20_000
# A horizon so far back is moved though there was nothing to write: the window would grow with what others write.
_STALE: Final = 1_000


@transaction.atomic
def sequence_events(*, most: int = MOST) -> int | None:
    """Write the events of up to `most` rows of the ledgers that have none; return how many rows that were.

    Rows appear in the feed once their transaction has committed, each once, in the order of `feed_serial` among those
    that are there; of one record always in the order in which it changed. Locks: an advisory one; while another process
    has it, None is returned. Call it again while it returns `most`.
    """
    if not try_turn():
        return None
    state = Sequencer.objects.first() or Sequencer.objects.create(horizon=0, kept_from=_BEGINNING)
    take_time()
    written = write_events(horizon=state.horizon, kept_from=state.kept_from, position=state.position, most=most)
    is_all = written.taken < most
    is_stale = not state.horizon <= written.running < state.horizon + _STALE
    if written.taken or (is_all and is_stale):
        Sequencer.objects.filter(pk=state.pk).update(
            position=written.position, horizon=written.running if is_all else state.horizon
        )
    return written.taken
