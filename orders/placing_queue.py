"""Orders that wait at the same time are placed in one transaction.

The first request of a process places at once, alone; those that come while it does are placed together by the next
one of them. Nobody waits for others to come. Reading, round trips, the commit and the time that a level is locked are
shared, which is what a rush on one variant and a busy web process both need (docs/performance.md has the figures).
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import DatabaseError, InterfaceError, connection

from catalog.services import stock
from orders.placing_try import Attempt, Tried, try_together
from shared.transactions import connection_was_lost

MAX_LINES_TOGETHER = 300


class NotTogether(Exception):
    """The orders could not be placed together, for a reason that may be another's: place this one alone."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """One order in the queue. Its thread sleeps until its order was tried or it is its turn to lead."""

    attempt: Attempt
    wake: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    tried: Tried | None = None


class PlacingQueue:
    """One for each process. Threads of one process share it; processes meet in the database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._busy = False

    def __len__(self) -> int:
        """How many orders wait, without those being placed."""
        return len(self._waiting)

    def place(self, attempt: Attempt) -> Tried:
        """Try one order, together with those that wait. Raises NotTogether, or, having been alone, what
        try_together raises."""
        mine = _Waiting(attempt)
        with self._lock:
            self._waiting.append(mine)
            mine.leads = not self._busy
            self._busy = True
        if not mine.leads:
            mine.wake.wait()  # bounded by the timeouts of the statements that the one before runs
        if mine.leads:
            self._lead()
        if mine.tried is None:
            raise NotTogether
        return mine.tried

    def _lead(self) -> None:
        """Place what waits now, wake its threads, hand the lead to the next in the queue."""
        batch = self._take()
        try:
            _place_batch(batch)
        finally:
            with self._lock:
                self._busy = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].leads = True
                    self._waiting[0].wake.set()
            for waiting in batch:
                waiting.wake.set()

    def _take(self) -> list[_Waiting]:
        with self._lock:
            count = lines = 0
            for waiting in self._waiting:
                lines += len(waiting.attempt.request.lines)
                if count and lines > MAX_LINES_TOGETHER:
                    break
                count += 1
            batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch


def _place_batch(batch: Sequence[_Waiting]) -> None:
    """Try them; of several, one that fails leaves all of them undone, to be placed alone by their own threads."""
    try:
        tries = try_together([waiting.attempt for waiting in batch])
    except (DatabaseError, InterfaceError, stock.StockShort) as error:
        if len(batch) == 1:
            raise
        if connection_was_lost(error):
            connection.close()
        return
    for waiting, tried in zip(batch, tries, strict=True):
        waiting.tried = tried
