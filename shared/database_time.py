"""How long the database may keep a request waiting: all its waits together, whatever the network does.

Only waiting counts: a slow upload or much computing leaves a request its time at the database. Jobs and commands have
no such limit; each of their statements has its own (shared/postgres/backend/bounded.py).
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class _Budget:
    __slots__ = ("left",)

    def __init__(self, seconds: float) -> None:
        self.left = seconds


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
    return math.inf if budget is None else max(0.0, budget.left)


def spend(seconds: float) -> None:
    """So long was waited."""
    budget = _budget.get()
    if budget is not None:
        budget.left -= seconds


def is_limited() -> bool:
    return _budget.get() is not None
