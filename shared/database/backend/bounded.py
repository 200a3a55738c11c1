"""Connections that never wait for ever: whatever the network or a frozen server does, a statement or COMMIT that has
no answer in time ends with a lost connection.

The server's own limits (statement_timeout) cannot end what it never got or can no longer answer, and TCP's only see
data that the other machine's kernel does not acknowledge. So each wait ends a little after the server should have
ended the statement itself, and earlier when the request has used up its time (shared/database/time_limit.py).
"""

import re
import weakref
from collections.abc import Callable, Hashable
from functools import partial
from time import monotonic
from typing import Any, Self, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout
from psycopg.pq import TransactionStatus

from shared.database.time_limit import Budget, current

T = TypeVar("T")

# The server's word that a statement took too long is to come first, on a busy machine too.
GRACE_SECONDS = 1.0
# Of a request whose time is up: enough to roll back on a server that is well.
LEAST_SECONDS = 0.1
# libpq's wake-ups in between, for Ctrl-C.
_INTERVAL_SECONDS = 0.1
_HOUR = 3600.0

_IDLE = TransactionStatus.IDLE
_LIMIT = re.compile(r"statement_timeout\s*=\s*'?(\d+)\s*(us|ms|s|min|h|d)?")
# The function of the server's that warns of a commit which did not wait for its standby; the words are translated.
_WAITS_FOR_STANDBY = "SyncRepWaitForLSN"
_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def limit_in(options: str) -> float | None:
    """Seconds that the session's statements may take by libpq's `options`; None: as long as they need."""
    found = _LIMIT.findall(options)
    if not found:
        return None
    number, unit = found[-1]
    return int(number) * _UNITS[unit or "ms"] or None


class NotReplicated(psycopg.OperationalError):
    """What was committed is on this server alone, although a standby was to have it before anybody hears of it: when
    the standby takes over now, it is gone. So its outcome is unknown."""


class _Limits:
    """`statement_seconds` is what the server allows each statement; None: as long as it needs."""

    statement_seconds: float | None = None
    # Told when a statement had all its time and no answer: the server, or the way to it, is in doubt.
    on_silence: Callable[[], object] | None = None
    _transaction_has_own = False
    _is_unreplicated = False
    _transaction_seconds: float | None = None

    pgconn: psycopg.pq.abc.PGconn

    def take_time(self, seconds: float | None) -> None:
        """Until the transaction ends its statements may take so long, within a request too; None: as they need."""
        self._transaction_has_own, self._transaction_seconds = True, seconds

    def _seconds_to_wait(self, budget: Budget | None) -> float | None:
        if self._transaction_has_own:
            if self.pgconn.transaction_status != _IDLE:
                return None if self._transaction_seconds is None else self._transaction_seconds + GRACE_SECONDS
            self._transaction_has_own = False
        usual = None if self.statement_seconds is None else self.statement_seconds + GRACE_SECONDS
        if budget is None:
            return usual
        left = budget.left()
        if usual is not None and usual < left:
            return usual
        return left if left > LEAST_SECONDS else LEAST_SECONDS

    def _listen_for_warnings(self) -> None:
        """Without a cycle: a connection that nobody has any more is closed at once."""
        self.add_notice_handler(partial(_note_warning, weakref.ref(self)))  # type: ignore[attr-defined]

    def _close_as_unreplicated(self) -> NotReplicated:
        self.pgconn.finish()
        return NotReplicated("The server committed, and did not wait for its standby: connection closed.")

    def _close_as_lost(self, seconds: float | None) -> psycopg.OperationalError:
        """Close the socket: nobody can tell any more what the server does with what it was sent."""
        self.pgconn.finish()
        if self.on_silence and seconds and self.statement_seconds and seconds > self.statement_seconds:
            self.on_silence()
        return psycopg.OperationalError(f"The server did not answer within {seconds or 0:.1f} s: connection closed.")


def _note_warning(connection: "weakref.ref[_Limits]", diagnostic: psycopg.errors.Diagnostic) -> None:
    if diagnostic.source_function == _WAITS_FOR_STANDBY and (warned := connection()) is not None:
        warned._is_unreplicated = True


class BoundedConnection(_Limits, psycopg.Connection[Any]):
    address: Hashable = None

    @classmethod
    def connect(cls, conninfo: str = "", **kwargs: Any) -> Self:
        connection = super().connect(conninfo, **kwargs)
        connection.statement_seconds = limit_in(str(kwargs.get("options", "")))
        connection._listen_for_warnings()
        return connection

    def wait(self, gen: PQGen[T], interval: float = _INTERVAL_SECONDS, timeout: float | None = None) -> T:
        if timeout is not None:  # whoever names one expects to hear that it has passed
            return super().wait(gen, interval, timeout)
        budget = current()
        seconds = self._seconds_to_wait(budget)
        began = monotonic()
        try:
            result = super().wait(gen, interval, seconds)
        except _WaitTimeout:
            raise self._close_as_lost(seconds) from None
        finally:
            if budget is not None:
                budget.spend(monotonic() - began)
        if self._is_unreplicated:
            raise self._close_as_unreplicated()
        return result


class BoundedAsyncConnection(_Limits, psycopg.AsyncConnection[Any]):
    """For the worker, which has no requests."""

    @classmethod
    async def connect(cls, conninfo: str = "", **kwargs: Any) -> Self:
        connection = await super().connect(conninfo, **kwargs)
        connection.statement_seconds = limit_in(str(kwargs.get("options", "")))
        connection._listen_for_warnings()
        return connection

    async def wait(self, gen: PQGen[T], interval: float = _INTERVAL_SECONDS, timeout: float | None = None) -> T:
        if timeout is not None:
            return await super().wait(gen, interval, timeout)
        seconds = self._seconds_to_wait(None)
        try:
            result = await super().wait(gen, interval, seconds)
        except _WaitTimeout:
            raise self._close_as_lost(seconds) from None
        if self._is_unreplicated:
            raise self._close_as_unreplicated()
        return result

    def notifies(self, *, timeout: float | None = None, stop_after: int | None = None) -> Any:
        """As ever, silence is no fault of a connection that listens."""
        return super().notifies(timeout=_HOUR if timeout is None else timeout, stop_after=stop_after)
