"""Numbers beside the sidebar's entries. Every page shows them, so each is bounded, and a process asks seldom."""

import time
from collections.abc import Callable

from django.conf import settings
from django.db.models import Model, QuerySet

MOST_COUNTED = 100


class Badge:
    """How many rows there are: `most` at the most, and up to BADGE_SECONDS ago. Threads may ask twice at once: both
    get the truth."""

    def __init__(self, rows: Callable[[], QuerySet[Model]], *, most: int = MOST_COUNTED) -> None:
        self._rows, self._most, self._known, self._until = rows, most, 0, 0.0

    def count(self) -> int:
        if time.monotonic() >= self._until:
            self._known = count_few(self._rows(), most=self._most)
            self._until = time.monotonic() + settings.BADGE_SECONDS
        return self._known


def count_few(rows: QuerySet[Model], *, most: int = MOST_COUNTED) -> int:
    """How many rows: `most` at the most."""
    # Cut before it is counted: beyond `most` nobody needs the number, and a count of all would read them all.
    return rows.order_by().values("pk")[:most].count()
