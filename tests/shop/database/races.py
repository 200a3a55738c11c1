"""Running the shop's functions at one moment, in real threads with connections and commits of their own."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction

from inventory.ledger import stock
from shared.errors import Refusal

T = TypeVar("T")
PATIENCE_SECONDS = 30


def run_together(*works: Callable[[], T]) -> list[T | Refusal]:
    """Start all at one moment; what each returned or was refused with, in order. Other errors raise."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T | Refusal:
        with own_connection():
            start.wait(PATIENCE_SECONDS)
            return _outcome(work)

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(PATIENCE_SECONDS) for future in [pool.submit(run, work) for work in works]]


def answers_together(*works: Callable[[], T]) -> list[T]:
    """Start all at one moment; what each returned, in order. A refusal raises as well: what is asked over HTTP answers
    with it."""
    answers = []
    for outcome in run_together(*works):
        if isinstance(outcome, Refusal):
            raise outcome
        answers.append(outcome)
    return answers


class Queue:
    """Works that are started one after another and each wait for a row lock which the test holds."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._futures: list[Future[Any]] = []

    def start(self, work: Callable[[], T], *, blocks: bool = True, until: Callable[[], bool] | None = None) -> None:
        """Run `work` in a thread, and return once it waits for a lock (or, if it does not block, is done), or
        `until` holds."""
        waiting = _waiting_for_locks()
        self._futures.append(self._pool.submit(_run_alone, work))
        if until is not None:
            _wait_until(until)
        elif blocks:
            _wait_until(lambda: _waiting_for_locks() > waiting)
        else:
            self._futures[-1].result(PATIENCE_SECONDS)

    def outcomes(self) -> list[Any]:
        """What each work returned or was refused with, in the order of their start."""
        return [future.result(PATIENCE_SECONDS) for future in self._futures]


@contextmanager
def stock_held(*level_ids: UUID) -> Iterator[Queue]:
    """Hold these stock levels while the block starts works; when it ends, they go on as they came."""
    with ThreadPoolExecutor(8) as pool:
        queue = Queue(pool)
        with transaction.atomic():
            stock.lock(level_ids)
            yield queue
        queue.outcomes()  # whatever else went wrong in a thread fails the test


@contextmanager
def own_connection() -> Iterator[None]:
    """Connect before the race begins, and leave no connection of the thread behind."""
    connection.ensure_connection()
    try:
        yield
    finally:
        connection.close()


def _run_alone(work: Callable[[], T]) -> T | Refusal:
    with own_connection():
        return _outcome(work)


def _outcome(work: Callable[[], T]) -> T | Refusal:
    try:
        return work()
    except Refusal as refusal:
        return refusal


def _waiting_for_locks() -> int:
    return _connections("wait_event_type = 'Lock'")


def _connections(condition: str) -> int:
    """How many connections of this database are in that state now, not when the transaction looked first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(f"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {condition}")
        return int(cursor.fetchone()[0])


def _wait_until(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"What the test waits for did not happen. Connections: {_others()}")
        time.sleep(0.005)


def _others() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, wait_event, clock_timestamp() - state_change, left(query, 120) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return list(cursor.fetchall())


# A connection reports what it counted when it ends, or after it was idle for ten seconds: PostgreSQL's own pause.
_MAY_NOT_HAVE_REPORTED = (
    "backend_type = 'client backend' AND pid <> pg_backend_pid()"
    " AND NOT (state = 'idle' AND state_change < clock_timestamp() - interval '12 seconds')"
)


def deadlocks() -> int:
    """How many deadlocks PostgreSQL has ended in this database, once every other connection has reported.

    A connection that an earlier test left behind, idle, holds nobody up longer than that."""
    _wait_until(lambda: _connections(_MAY_NOT_HAVE_REPORTED) == 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
