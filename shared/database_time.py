"""How long the database may keep a request waiting: all its waits together, whatever the network does.

Only waiting counts, but for blocks that say otherwise: a slow upload or much computing leaves a request its time. Jobs
and commands have no such limit; each of their statements has its own (shared/postgres/backend/bounded.py).
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic


class _Budget:
    """`left` of the limit, at `since` where the clock runs."""

    __slots__ = ("left", "since")

    def __init__(self, seconds: float) -> None:
        self.left = seconds
        self.since: float | None = None


_budget: ContextVar[_Budget | None] = ContextVar("kontor_database_time", default=None)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """The block may wait so long for the database in total, and not longer than a block around it still may."""
    token = _budget.set(_Budget(min(seconds, seconds_left())))
    try:
        yield
    finally:
        _budget.reset(token)


def seconds_left() -> float:
    """What is left of the limit; infinite where there is none."""
    budget = _budget.get()
    if budget is None:
        return math.inf
    return max(0.0, budget.left if budget.since is None else budget.left - (monotonic() - budget.since))


def spend(seconds: float) -> None:
    """So long was waited."""
    budget = _budget.get()
    if budget is not None and budget.since is None:
        budget.left -= seconds


@contextmanager
def all_counts() -> Iterator[None]:
    """All time in the block counts: for pauses, and for waiting while another thread is at the database."""
    budget = _budget.get()
    if budget is None or budget.since is not None:
        yield
        return
    budget.since = monotonic()
    try:
        yield
    finally:
        budget.left -= monotonic() - budget.since
        budget.since = None


def is_limited() -> bool:
    return _budget.get() is not None
