"""Doing things in the order of the moments they are meant for."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Happening = Callable[[datetime], None]


class Timeline:
    """What is planned runs by its moment, and by the order of planning within one.

    A ledger's times then grow as its versions do, although the whole history is made in seconds.
    """

    def __init__(self) -> None:
        self._planned: list[tuple[datetime, int, Happening]] = []
        self._serial = count()

    def plan(self, moment: datetime, happening: Happening) -> None:
        """Have `happening` called with its moment. What runs may plan on, for the same moment or later."""
        heapq.heappush(self._planned, (moment, next(self._serial), happening))

    def run_until(self, end: datetime) -> None:
        """Run what is planned before `end` and forget the rest: it has not happened yet."""
        while self._planned and self._planned[0][0] < end:
            moment, _, happening = heapq.heappop(self._planned)
            happening(moment)
        self._planned.clear()
