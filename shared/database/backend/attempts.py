"""Reaching a database that may be away: one attempt at a time then, with a pause after each, and nobody waits for it
longer than the request has time. As long as the database is there, all connect at once as ever.

A request does not connect by itself but waits for a thread that does: looking up a host's name cannot be cut short,
and starting the embedded server may take a recovery. Whoever comes while an attempt is overdue, or shortly after one
failed, hears so at once: threads are free for what needs no database.
"""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import OperationalError

T = TypeVar("T")

# After a failure, as a multiple of the time it took: a refused connection costs nothing, a failed start a lot.
PAUSE_FACTOR = 10
LONGEST_PAUSE_SECONDS = 2.0
# Where a server is in doubt, others wait so long for the one that tries: much, for a server that is well.
PROBE_SECONDS = 1.0


@dataclass(slots=True)
class _Attempt(Generic[T]):
    work: Callable[[], T]
    waste: Callable[[T], object]
    done: threading.Event = field(default_factory=threading.Event)
    result: T | None = None
    error: Exception | None = None
    is_left: bool = False


@dataclass(slots=True)
class _Door:
    """One database. `overdue`: the attempt that outlasted whoever waited for it; `common`: the one that all join;
    `in_doubt`: a statement had no answer, and nobody has connected since; `probe`: the attempt that finds out."""

    in_doubt: bool = False
    probe: _Attempt[Any] | None = None
    overdue: _Attempt[Any] | None = None
    common: _Attempt[Any] | None = None
    closed_until: float = 0.0
    reason: str = ""


_lock = threading.Lock()
_doors: dict[Hashable, _Door] = {}


def _door_of(key: Hashable) -> _Door:
    return _doors.get(key) or _doors.setdefault(key, _Door())


def doubt(key: Hashable) -> None:
    """A statement had no answer: until somebody has connected again, one attempt at a time is made."""
    door = _door_of(key)
    with _lock:
        door.in_doubt, door.reason = True, "it does not answer."


def is_in_doubt(key: Hashable) -> bool:
    door = _doors.get(key)
    return door is not None and door.in_doubt


def reached(key: Hashable) -> None:
    """Somebody has connected."""
    if is_in_doubt(key):
        with _lock:
            _doors[key].in_doubt = False


def within(
    seconds: float,
    *,
    key: Hashable,
    work: Callable[[], T],
    waste: Callable[[T], object] = lambda _result: None,
    in_common: bool = False,
) -> T:
    """What `work` returns, or its error, if it ends in time; else OperationalError, and what it returns later goes to
    `waste`. `key` names the database; `in_common`: those who come while somebody is at it wait for the same result.
    Raises OperationalError at once while another attempt is overdue, and for up to LONGEST_PAUSE_SECONDS after one
    failed."""
    door = _door_of(key)
    if (probe := door.probe) is not None and not probe.done.wait(min(seconds, PROBE_SECONDS)):
        raise OperationalError(f"The database is away: {door.reason}")
    with _lock:
        if door.overdue is not None or time.monotonic() < door.closed_until:
            raise OperationalError(f"The database is away: {door.reason}")
        attempt: _Attempt[T] = door.common or _Attempt(work, waste)
        is_new = attempt is not door.common
        door.common = attempt if in_common else None
        door.probe = attempt if door.in_doubt else None
    if is_new:
        threading.Thread(target=_run_attempt, args=[attempt, door], name="reach-database", daemon=True).start()
    if not attempt.done.wait(seconds) and _stop_waiting(attempt, door):
        raise OperationalError(f"The database is away: {door.reason}")
    if attempt.error is not None:
        raise OperationalError(str(attempt.error).strip()) from attempt.error
    return attempt.result  # type: ignore[return-value] # there is one, as there is no error


def _stop_waiting(attempt: _Attempt[Any], door: _Door) -> bool:
    """Stop waiting; False when it has just ended."""
    with _lock:
        if attempt.done.is_set():
            return False
        attempt.is_left = True
        door.overdue, door.reason = attempt, door.reason or "it does not answer."
        return True


def _run_attempt(attempt: _Attempt[T], door: _Door) -> None:
    began = time.monotonic()
    try:
        attempt.result = attempt.work()
    except Exception as error:  # handed to whoever waits
        attempt.error = error
    pause = min((time.monotonic() - began) * PAUSE_FACTOR, LONGEST_PAUSE_SECONDS)
    with _lock:
        attempt.done.set()
        door.overdue = None if door.overdue is attempt else door.overdue
        door.common = None
        door.probe = None
        door.in_doubt = door.in_doubt and attempt.error is not None
        door.closed_until = time.monotonic() + pause if attempt.error else 0.0
        door.reason = str(attempt.error or "").strip()
    if attempt.is_left and attempt.error is None:
        attempt.waste(attempt.result)  # type: ignore[arg-type] # as above
