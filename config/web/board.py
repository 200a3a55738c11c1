"""A few numbers that web processes share with each other and with the process that started them."""

import mmap
import time

_FIELDS = 3
_BEAT, _CONNECTIONS, _WAITING = range(_FIELDS)


class Board:
    """One row for each web process, in memory that forks share. Each process writes its own row only."""

    def __init__(self, processes: int) -> None:
        self._numbers = memoryview(mmap.mmap(-1, 8 * _FIELDS * processes)).cast("d")
        self._processes = range(processes)

    def clear(self, index: int) -> None:
        for field in range(_FIELDS):
            self._numbers[index * _FIELDS + field] = 0.0

    def report(self, index: int, *, connections: int, waiting: int) -> None:
        row = index * _FIELDS
        self._numbers[row + _CONNECTIONS] = connections
        self._numbers[row + _WAITING] = waiting

    def beat(self, index: int) -> None:
        """This process's event loop turns."""
        self._numbers[index * _FIELDS + _BEAT] = time.monotonic()

    def last_beat(self, index: int) -> float:
        """By the monotonic clock, which all processes share; 0 before the first."""
        return self._numbers[index * _FIELDS + _BEAT]

    def is_busiest(self, index: int) -> bool:
        """Whether another process has less to do, so that a new connection is better off there."""
        mine = self._load_of(index)
        return any(self._load_of(other) < mine for other in self._processes if other != index and self.last_beat(other))

    def _load_of(self, index: int) -> tuple[float, float]:
        row = index * _FIELDS
        return self._numbers[row + _WAITING], self._numbers[row + _CONNECTIONS]
