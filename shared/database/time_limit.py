"""How long the database may keep a request waiting: all its waits together, whatever the network does.

Only waiting counts, but for blocks that say otherwise: a slow upload or much computing leaves a request its time. Jobs
and commands have no such limit; each of their statements has its own (shared/database/backend/bounded.py).
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic


class Budget:
    """`unspent` of the limit, at `since` where the clock runs."""

    __slots__ = ("since", "unspent")

    def __init__(self, seconds: float) -> None:
        self.unspent = seconds
        self.since: float | None = None

    def left(self) -> float:
        return self.unspent if self.since is None else self.unspent - (monotonic() - self.since)

    def spend(self, seconds: float) -> None:
        """So long was waited."""
        if self.since is None:
            self.unspent -= seconds


_budget: ContextVar[Budget | None] = ContextVar("kontor_database_time", default=None)
# The limit of what this thread does now; None: there is none.
current = _budget.get


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """The block may wait so long for the database in total, and not longer than a block around it still may, whose time
    it spends."""
    around, inside = current(), Budget(min(seconds, seconds_left()))
    before = inside.unspent
    token = _budget.set(inside)
    try:
        yield
    finally:
        _budget.reset(token)
        if around is not None:
            around.spend(before - inside.unspent)


@contextmanager
def all_counts() -> Iterator[None]:
    """All time in the block counts: for pauses, and for waiting while another thread is at the database."""
    budget = current()
    if budget is None or budget.since is not None:
        yield
        return
    budget.since = monotonic()
    try:
        yield
    finally:
        budget.unspent, budget.since = budget.left(), None


def seconds_left() -> float:
    """What is left of the limit; infinite where there is none."""
    budget = current()
    return math.inf if budget is None else max(0.0, budget.left())
