"""The unit of retry: a whole outermost transaction, run again when PostgreSQL says it collided."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext

from shared.database import time_limit as database_time
from shared.database.backend.bounded import BoundedConnection
from shared.database.conflicts import (
    QUERY_CANCELED,
    READ_ONLY,
    DuplicateInFlight,
    connection_was_lost,
    is_on_one_server_alone,
    is_retryable,
    reason_of,
    sqlstate,
)
from shared.errors import Unavailable
from shared.metrics.names import CONFLICTS
from shared.metrics.recording import add

log = structlog.get_logger("kontor.transactions")
T = TypeVar("T")


def retry_transaction(work: Callable[[bool], T], *, name: str, find_done: Callable[[], T | None] | None = None) -> T:
    """Run `work`, which must open its own outermost transaction, again after a conflict or a lost connection.

    `work` is told whether this is another try: an earlier one may then have committed without our hearing of it, so
    it must look, under its locks, for what that try would have written (by an id made before the first try).
    `find_done` looks for the same without locks; it is asked when the last try was cut off.

    MAX_STOCK_RETRY_ATTEMPTS tries, waiting STOCK_RETRY_BACKOFF_MS x 2^n with jitter between them, within
    REQUEST_DEADLINE_SECONDS; waiting for a duplicate is not counted as a try. Raises Unavailable when the last try
    failed too, or at once on a statement timeout.
    Inside an enclosing transaction nothing can be run again, so the error passes through.
    """
    with database_time.all_counts():
        return _retry_until_deadline(work, name, find_done)


def _retry_until_deadline(work: Callable[[bool], T], name: str, find_done: Callable[[], T | None] | None) -> T:
    give_up_at = time.monotonic() + min(settings.REQUEST_DEADLINE_SECONDS, database_time.seconds_left())
    attempt, ask_standby = 1, False
    while True:
        try:
            result = work(attempt > 1)
            if ask_standby:
                _wait_for_standby()
            return result
        except (DatabaseError, InterfaceError) as error:
            if connection.in_atomic_block or not (is_retryable(error) or sqlstate(error) == QUERY_CANCELED):
                raise
            add(CONFLICTS, name, reason_of(error))
            log.warning("transaction_conflict", work=name, attempt=attempt, sqlstate=sqlstate(error))
            if connection_was_lost(error) or sqlstate(error) == READ_ONLY:
                connection.close()
            ask_standby = ask_standby or is_on_one_server_alone(error)
            pause = _pause_after(attempt)
            out_of_tries = attempt >= settings.MAX_STOCK_RETRY_ATTEMPTS and not isinstance(error, DuplicateInFlight)
            out_of_time = time.monotonic() + pause >= give_up_at
            if out_of_tries or out_of_time or sqlstate(error) == QUERY_CANCELED:
                if not ask_standby and (done := _last_look(error, find_done)) is not None:
                    return done
                raise Unavailable(gettext("The database is busy. Send the same request again.")) from error
            time.sleep(pause)
            attempt += not isinstance(error, DuplicateInFlight)


def _pause_after(attempt: int) -> float:
    """Seconds: exponential, with jitter so that those who collided do not collide again."""
    backoff: float = settings.STOCK_RETRY_BACKOFF_MS / 1000 * 2 ** (attempt - 1)
    return random.uniform(0.5, 1) * backoff  # noqa: S311


def _wait_for_standby() -> None:
    """What was committed before is where it has to be once this is. A read waits for nobody, so it is a message that
    the log of changes has and no table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(true, 'kontor', '')")


def _last_look(error: BaseException, find_done: Callable[[], T | None] | None) -> T | None:
    """What the last try committed before its connection was lost, if we can still reach the database to ask."""
    if find_done is None or not connection_was_lost(error):
        return None
    time.sleep(_pause_after(1))  # a server that is just committing is given the time to
    try:
        return find_done()
    except (DatabaseError, InterfaceError):
        connection.close()
        return None


_joined: ContextVar[bool] = ContextVar("joined_transactions", default=False)


@contextmanager
def outermost_transaction() -> Iterator[None]:
    """A transaction that commits when the block ends: never a savepoint of somebody else's, but for one_transaction's,
    whose whole is the unit of retry."""
    with transaction.atomic(durable=not _joined.get()):
        yield
        check_if_joined()


@contextmanager
def one_transaction(*, serializable: bool = False) -> Iterator[None]:
    """A transaction that commits when the block ends, with all outermost ones within it: for whoever must commit
    something with what services do. Nothing within it may reach out to the network. `serializable`: of two such that
    read what the other writes, one fails and is to be run again; within another one_transaction it is only a part."""
    is_whole = not connection.in_atomic_block
    with transaction.atomic(durable=not _joined.get()):
        if serializable and is_whole:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
        token = _joined.set(True)
        try:
            yield
        finally:
            _joined.reset(token)


def check_if_joined() -> None:
    """Within one_transaction: check what a commit would check now, foreign keys above all, so that whoever broke one
    is told and not whoever commits the whole."""
    if _joined.get():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def take_time(seconds: int | None = None) -> None:
    """This transaction's statements may take so long, or as long as they need; usually they may not. It may be idle in
    between, too, and a request's limit on its time at the database does not count."""
    limits = "SET LOCAL statement_timeout = '{}s'; SET LOCAL idle_in_transaction_session_timeout = 0"
    with connection.cursor() as cursor:
        cursor.execute(limits.format(seconds or 0))
    cast(BoundedConnection, connection.connection).take_time(seconds)


@contextmanager
def unlimited_session(using: BaseDatabaseWrapper) -> Iterator[None]:
    """This connection's statements may take as long as they need, and its transactions may be idle: for set-up.
    Blocks may be nested."""
    using.ensure_connection()
    session = cast(BoundedConnection, using.connection)
    if session.statement_seconds is None:
        yield
        return
    with using.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    usual, session.statement_seconds = session.statement_seconds, None
    try:
        yield
    finally:
        with using.cursor() as cursor:
            cursor.execute("RESET statement_timeout; RESET idle_in_transaction_session_timeout")
        session.statement_seconds = usual
