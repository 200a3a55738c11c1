"""Orders that wait at the same time are written in one transaction.

The first request of a process writes at once, alone; those that come while it does are written together by the next
one of them. Nobody waits for others to come. Round trips, the commit and the time that a level is locked are shared,
which is what a rush on one variant and a busy web process both need (docs/performance.md has the figures).
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from catalog.services import stock
from orders.placing_rows import PlacingRows
from orders.placing_sql import Written, write_orders
from shared.transactions import connection_was_lost, outermost_transaction

MAX_LINES_TOGETHER = 300


class NotTogether(Exception):
    """The orders could not be written together, for a reason that may be another's: write this one alone."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """One order in the queue. Its thread sleeps until its order is written or it is its turn to write."""

    rows: PlacingRows
    wake: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    done: bool = False
    written: Written | None = None


class PlacingQueue:
    """One for each process. Threads of one process share it; processes meet in the database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._busy = False

    def __len__(self) -> int:
        """How many orders wait, without those being written."""
        return len(self._waiting)

    def write(self, rows: PlacingRows) -> Written | None:
        """Write one order, together with those that wait; None when write_together would leave it out. Raises
        NotTogether, or, having been alone, what write_together raises."""
        mine = _Waiting(rows)
        with self._lock:
            self._waiting.append(mine)
            mine.leads = not self._busy
            self._busy = True
        if not mine.leads:
            mine.wake.wait()  # bounded by the timeouts of the statements that the one before runs
        if mine.leads:
            self._lead(mine)
        if not mine.done:
            raise NotTogether
        return mine.written

    def _lead(self, mine: _Waiting) -> None:
        """Write what waits now, wake its threads, hand the lead to the next in the queue."""
        batch = self._take()
        try:
            _write_batch(batch)
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
                lines += len(waiting.rows.items)
                if count and lines > MAX_LINES_TOGETHER:
                    break
                count += 1
            batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch


def _write_batch(batch: Sequence[_Waiting]) -> None:
    """Write them; of several, one that fails leaves all of them undone, to be written alone by their own threads."""
    try:
        written = write_together([waiting.rows for waiting in batch])
    except (DatabaseError, InterfaceError, stock.StockShort) as error:
        if len(batch) == 1:
            raise
        if connection_was_lost(error):
            connection.close()
        return
    for waiting in batch:
        waiting.written = written.get(waiting.rows.order_id)
        waiting.done = True


def write_together(orders: Sequence[PlacingRows]) -> dict[UUID, Written]:
    """The transaction of placing. Answers what was written, by order id: an order is missing when another one holds
    its key or its customer does not exist.

    Locks: the keys in order (by inserting them), then every stock level in primary-key order. Raises
    stock.StockShort when the levels hold less than all of them take together.
    """
    with outermost_transaction():
        written = write_orders(
            orders=[rows.order for rows in orders],
            items=[item for rows in orders for item in rows.items],
            holds=[hold for rows in orders for hold in rows.holds],
            hold_minutes=settings.PAYMENT_TIMEOUT_MINUTES,
            now=orders[0].now,
        )
        placed = [rows for rows in orders if rows.order_id in written]
        moves = [move for rows in placed for move in rows.moves]
        stock.reserve(stock.lock(move.level_id for move in moves), moves, now=orders[0].now)
    return written
