"""Two threads with a connection each that go on by a statement when they are told to, and not before."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from enum import Enum
from typing import Any, cast

from django.db import DatabaseError, connection, connections

from shared.database.backend.bounded import BoundedConnection
from shared.database.conflicts import sqlstate
from shared.errors import Refusal
from tests.orders.services.footprints import NONE, ROLLBACK_TO, Step, Tables, step_of

PATIENCE_SECONDS = 60
# A step that takes longer is asked about: it may wait for a lock.
_USUAL_SECONDS = 0.004
_DEADLOCK = "40P01"
# Nobody here waits long by the clock, but by who is told to go on.
_SESSION = "SET lock_timeout = '60s'"


class State(Enum):
    IDLE, GOING, PARKED, BLOCKED, DONE = range(5)


class Stage:
    """The two, and whoever tells them to go on."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.actors = (Actor(self), Actor(self))

    def begin(self, works: Sequence[Callable[[], Any]]) -> None:
        for actor, work in zip(self.actors, works, strict=True):
            actor.begin(work)
            self._settle()

    def go_on(self, number: int) -> None:
        """Let one do its next step; returns when both stand still: before a step, behind a lock, or at the end."""
        actor = self.actors[number]
        with self.changed:
            actor.state = State.GOING
            self.changed.notify_all()
        self._settle()

    def parked(self) -> list[int]:
        return [number for number, actor in enumerate(self.actors) if actor.state is State.PARKED]

    def close(self) -> None:
        for actor in self.actors:
            actor.close()

    def _settle(self) -> None:
        """All under the lock, so that nobody parks between a look at a state and its change."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        with self.changed:
            for actor in self.actors:
                if actor.state is State.BLOCKED:
                    actor.state = State.GOING  # unless it still is
            while not self.changed.wait_for(self._stand_still, _USUAL_SECONDS):
                self._find_blocked()
                if time.monotonic() > give_up_at:
                    raise TimeoutError(f"Nobody goes on: {[(actor.state, actor.step) for actor in self.actors]}")

    def _stand_still(self) -> bool:
        return all(actor.state is not State.GOING for actor in self.actors)

    def _find_blocked(self) -> None:
        for actor, other in (self.actors, self.actors[::-1]):
            stands_still = other.state in (State.PARKED, State.BLOCKED)
            if actor.state is State.GOING and stands_still and _waits_for(actor.pid, other.pid):
                actor.state = State.BLOCKED
        # A lock that both wait for is a deadlock, which PostgreSQL ends: then nobody is blocked for long.
        if all(actor.state is State.BLOCKED for actor in self.actors):
            for actor in self.actors:
                actor.state = State.GOING


class Actor:
    """One of the two. `step` is what it does next; `written` what its transaction has written or locked."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._pool = ThreadPoolExecutor(1)
        self._future: Future[None] | None = None
        self._written: Tables = NONE
        self.state = State.IDLE
        self.step = Step("begin")
        self.outcome: Any = None
        self.deadlocks = 0
        self.pid = self._pool.submit(self._connect).result()

    def begin(self, work: Callable[[], Any]) -> None:
        self.state, self.outcome, self.deadlocks = State.GOING, None, 0
        self._future = self._pool.submit(self._run, work)

    def close(self) -> None:
        self._pool.submit(connections.close_all).result()
        self._pool.shutdown()

    def _connect(self) -> int:
        connection.ensure_connection()
        link = connection.connection
        link.__class__ = _SteppedLink  # the driver's own object, whose commits are steps as well
        link.before_end = self._before_end
        with connection.cursor() as cursor:
            cursor.execute(_SESSION)
        return cast(int, link.info.backend_pid)

    def _run(self, work: Callable[[], Any]) -> None:
        outcome: Any = None
        try:
            with connection.execute_wrapper(self._execute):
                outcome = work()
        except Refusal as refusal:
            outcome = refusal
        except Exception as error:  # shown by whoever compares outcomes: none of them is one of a serial run
            outcome = error
        finally:
            with self._stage.changed:
                self.state, self.outcome = State.DONE, outcome
                self._stage.changed.notify_all()

    def _execute(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        if sql.startswith("ROLLBACK TO"):
            self._park(Step(ROLLBACK_TO, ends=self._written))
        else:
            step = step_of(str(sql), is_alone=not connection.in_atomic_block)
            if step.touches:
                self._park(step)
            self._written |= step.writes if connection.in_atomic_block else NONE
        try:
            return execute(sql, params, many, context)
        except DatabaseError as error:
            self.deadlocks += sqlstate(error) == _DEADLOCK
            raise

    def _before_end(self, name: str) -> None:
        written, self._written = self._written, NONE
        if written:
            self._park(Step(name, ends=written))

    def _park(self, step: Step) -> None:
        """Stand still until told to go on."""
        changed = self._stage.changed
        with changed:
            self.state, self.step = State.PARKED, step
            changed.notify_all()
            if not changed.wait_for(lambda: self.state is not State.PARKED, PATIENCE_SECONDS):
                raise TimeoutError(f"Never told to go on: {step.text}")


class _SteppedLink(BoundedConnection):
    before_end: Callable[[str], None]

    def commit(self) -> None:
        self.before_end("COMMIT")
        super().commit()

    def rollback(self) -> None:
        with suppress(AttributeError):
            self.before_end("ROLLBACK")
        super().rollback()


def _waits_for(pid: int, other_pid: int) -> bool:
    """For a lock of the other one, and not of an autovacuum, which lets go by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY(pg_blocking_pids(%s))", [other_pid, pid])
        return bool(cursor.fetchone()[0])
