"""The sequencer beside the worker's jobs: a thread that looks several times a second whether anything was written."""

import threading

import structlog
from django.db import connection

from events.feed.sequencing_sql import running_transactions
from events.services.sequence_events import MOST, sequence_events

log = structlog.get_logger("kontor.events")

# Between two looks, in seconds: while events come, while none do, and when the database does not answer.
BUSY, IDLE, AWAY = 0.1, 0.25, 2.0


class SequencerThread(threading.Thread):
    """Any number of processes may run one: who is not at turn does nothing."""

    def __init__(self) -> None:
        super().__init__(name="sequencer", daemon=True)
        self._stopped = threading.Event()
        self._seen: tuple[int, int] | None = None

    def run(self) -> None:
        pause = BUSY
        while not self._stopped.wait(pause):
            try:
                pause = BUSY if self._look() else IDLE
            except Exception:  # whatever it is: without this thread the feed would stand still, and nobody notice
                log.error("sequencer_waits", exc_info=True)
                pause, self._seen = AWAY, None
                connection.close()
        connection.close()

    def begin_to_stop(self) -> None:
        """After the batch at hand. What is left, the next one finds."""
        self._stopped.set()

    def stop(self) -> None:
        self.begin_to_stop()
        self.join(timeout=10)

    def _look(self) -> int:
        """How many rows were taken. Nothing is read of the ledgers when no transaction has begun since the last time
        and none was running then: a look at an idle database is one short statement."""
        oldest, following = running_transactions()
        if self._seen == (following, following) == (oldest, following):
            return 0
        taken = sequence_events()
        total = taken or 0
        while taken == MOST and not self._stopped.is_set():
            taken = sequence_events()
            total += taken or 0
        # Whoever is at turn may have begun before the last change: what it leaves is looked for again.
        self._seen = None if taken is None else (oldest, following)
        return total
