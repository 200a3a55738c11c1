"""Work of several threads that wait at the same time, done by one of them for all.

The first one works at once, alone; those that come while it does are served together by the next one of them, so
whoever asks is answered by work that began after it asked. Round trips, commits and the time that a lock is held are
shared, which is what a rush and a busy web process both need (docs/performance.md has the figures).

Who comes alone never waits for others. In a rush a short pause pays: those who were just answered ask again, and
those on their way arrive, before the next work begins, instead of right after it.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db import connection

from shared.transactions import connection_was_lost

T = TypeVar("T")
R = TypeVar("R")


class NotTogether(Exception):
    """The work failed for several, for a reason that may be another's: do yours alone."""


def _locked() -> threading.Lock:
    """What a thread sleeps at until another releases it: a lighter Event, for one sleeper and one waking."""
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Waiting(Generic[T, R]):
    """One thread's part. It sleeps until that is done or it is its turn to lead."""

    item: T
    wake: threading.Lock = field(default_factory=_locked)
    leads: bool = False
    answers: list[R] = field(default_factory=list)


class Together(Generic[T, R]):
    """`work` answers every item of a list, in order, on the calling thread's connection; it must be right for one
    item as for many. Together the items of a list weigh up to `limit`, one alone may weigh more. In a rush, that is
    when the last work was for several or somebody waits already, the next one begins `pause` seconds later.

    One for each process and kind of work; processes meet in the database.
    """

    def __init__(
        self,
        work: Callable[[list[T]], Sequence[R]],
        *,
        weigh: Callable[[T], int] = lambda _item: 1,
        limit: int = 100,
        pause: float = 0,
    ) -> None:
        self._work = work
        self._weigh = weigh
        self._limit = limit
        self._pause = pause
        self._lock = threading.Lock()
        self._waiting: list[_Waiting[T, R]] = []
        self._busy = False
        self._in_rush = False

    def __len__(self) -> int:
        """How many wait, without those being served."""
        return len(self._waiting)

    def run(self, item: T) -> R:
        """The answer to one item. Raises NotTogether, or, having been alone, what the work raises."""
        mine = _Waiting[T, R](item)
        with self._lock:
            self._waiting.append(mine)
            mine.leads = not self._busy
            self._busy = True
        if not mine.leads:
            mine.wake.acquire()  # bounded by the timeouts of the statements that the one before runs
        if mine.leads:
            self._lead()
        if not mine.answers:
            raise NotTogether
        return mine.answers[0]

    def _lead(self) -> None:
        """Serve what waits now, wake its threads, hand the lead to the next one that waits."""
        if self._in_rush and self._pause:
            time.sleep(self._pause)
        batch = self._take()
        try:
            self._serve(batch)
        finally:
            with self._lock:
                self._busy = bool(self._waiting)
                self._in_rush = len(batch) > 1 or self._busy
                if self._waiting:
                    self._waiting[0].leads = True
                    self._waiting[0].wake.release()
            for waiting in batch:
                waiting.wake.release()

    def _take(self) -> list[_Waiting[T, R]]:
        with self._lock:
            count = weight = 0
            for waiting in self._waiting:
                weight += self._weigh(waiting.item)
                if count and weight > self._limit:
                    break
                count += 1
            batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch

    def _serve(self, batch: list[_Waiting[T, R]]) -> None:
        """Of several, a failure leaves all of them undone: each finds out alone whether it was its own."""
        try:
            answers = self._work([waiting.item for waiting in batch])
        except Exception as error:
            if len(batch) == 1:
                raise
            if connection_was_lost(error):
                connection.close()
            return
        for waiting, answer in zip(batch, answers, strict=True):
            waiting.answers.append(answer)
