"""Work of several threads that wait at the same time, done by one of them for all.

The first one works at once, alone; those that come while it does are served together by the next one of them, so
whoever asks is answered by work that began after it asked. Round trips, commits and the time that a lock is held are
shared, which is what a rush and a busy web process both need (docs/performance.md has the figures).

Who comes alone never waits for others. In a rush a short pause pays: those who were just answered ask again, and
those on their way arrive, before the next work begins, instead of right after it.

Who leads, who waits and who is served changes under one lock, and everybody finds out there: a thread that wakes up
asks what it is now, and does not conclude it from having been woken (docs/decisions/placing-together.md).
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db import connection

from shared.database.conflicts import connection_was_lost

T = TypeVar("T")
R = TypeVar("R")


class BatchFailed(Exception):
    """The work failed for several for a reason that may be another's, or took too long: do yours alone. It may have
    been done all the same, or be done later, by whoever was to do it for all."""


def _locked_lock() -> threading.Lock:
    """What a thread sleeps at until another releases it: a lighter Event, for one sleeper and one waking."""
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Waiting(Generic[T, R]):
    """One thread's part. It sleeps until that is done, or it is its turn to lead, or its patience ends."""

    item: T
    sleep: threading.Lock = field(default_factory=_locked_lock)
    woken: bool = False
    answers: list[R] = field(default_factory=list)

    def wake(self) -> None:
        """Under the queue's lock. A second time does nothing: it may lead first and be served then."""
        if not self.woken:
            self.woken = True
            self.sleep.release()


class BatchQueue(Generic[T, R]):
    """`work` answers every item of a list, in order, on the calling thread's connection; it must be right for one
    item as for many. Together the items of a list weigh up to `limit`, one alone may weigh more. In a rush, that is
    when the last work was for several or somebody waits already, the next one begins `pause` seconds later. Nobody
    waits longer than `patience` seconds for others: a leader whose database does not answer holds up itself alone.

    One for each process and kind of work; processes meet in the database.
    """

    def __init__(
        self,
        work: Callable[[list[T]], Sequence[R]],
        *,
        weigh: Callable[[T], int] = lambda _item: 1,
        limit: int = 100,
        pause: float = 0,
        patience: float = 5,
    ) -> None:
        self._work = work
        self._weigh = weigh
        self._limit = limit
        self._pause = pause
        self.patience = patience
        self._lock = threading.Lock()  # of all that follows
        self._waiting: list[_Waiting[T, R]] = []
        self._leader: _Waiting[T, R] | None = None
        self._leads_since = 0.0
        self._in_rush = False

    def __len__(self) -> int:
        """How many wait, without those being served."""
        return len(self._waiting)

    def run(self, item: T) -> R:
        """The answer to one item. Raises BatchFailed, or, having been alone, what the work raises."""
        mine = _Waiting[T, R](item)
        with self._lock:
            self._waiting.append(mine)
            leads = self._leader is None
            if leads:
                self._appoint_leader(mine)
        if leads or self._wait_for_turn(mine):
            self._lead_once(mine)
        if not mine.answers:
            raise BatchFailed
        return mine.answers[0]

    def _wait_for_turn(self, mine: _Waiting[T, R]) -> bool:
        """Sleep until woken or out of patience. Whether this thread leads now; otherwise it waits no more."""
        # Outside the queue's lock: others must be able to join while this one sleeps.
        mine.sleep.acquire(timeout=self.patience)
        with self._lock:
            if self._leader is mine:
                return True
            if mine in self._waiting:
                self._waiting.remove(mine)
                self._replace_stuck_leader()
            return False

    def _lead_once(self, mine: _Waiting[T, R]) -> None:
        """Serve what waits now, wake its threads, hand the lead to the next one that waits, whatever happens."""
        batch: list[_Waiting[T, R]] = []
        try:
            if self._in_rush and self._pause:
                time.sleep(self._pause)
            batch = self._take_batch(mine)
            if batch:
                self._serve_batch(batch)
        finally:
            with self._lock:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                self._in_rush = len(batch) > 1 or bool(self._waiting)
                if self._leader is mine:
                    self._appoint_leader(self._waiting[0] if self._waiting else None)
                for waiting in batch:
                    waiting.wake()

    def _take_batch(self, mine: _Waiting[T, R]) -> list[_Waiting[T, R]]:
        """Those that the leader serves, itself among them; nobody once another has been appointed in its place."""
        with self._lock:
            if self._leader is not mine:
                return []
            count = weight = 0
            for waiting in self._waiting:
                weight += self._weigh(waiting.item)
                if count and weight > self._limit:
                    break
                count += 1
            # From the front, so that nobody is overtaken for ever by lighter items.
            batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch

    def _appoint_leader(self, leader: _Waiting[T, R] | None) -> None:
        """Under the lock."""
        self._leader = leader
        if leader:
            self._leads_since = time.monotonic()
            leader.wake()

    def _replace_stuck_leader(self) -> None:
        """Under the lock, by one that waited in vain: those who come after it need not wait as long. The stuck one
        goes on with those it has taken, and finds out at the end that it leads no more."""
        if self._leader and time.monotonic() - self._leads_since >= self.patience:
            self._appoint_leader(self._waiting[0] if self._waiting else None)

    def _serve_batch(self, batch: list[_Waiting[T, R]]) -> None:
        """Of several, a failure leaves all of them undone: each finds out alone whether it was its own."""
        try:
            answers = self._work([waiting.item for waiting in batch])
            if len(answers) != len(batch):  # whose are they?
                raise ValueError(f"{len(answers)} answers for {len(batch)} items")
        except Exception as error:
            if len(batch) == 1:
                raise
            if connection_was_lost(error):
                # The next request of this thread would else begin on a dead connection and fail for what is not its
                # own.
                connection.close()
            return
        for waiting, answer in zip(batch, answers, strict=True):
            waiting.answers.append(answer)
