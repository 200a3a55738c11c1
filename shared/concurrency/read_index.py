"""How far the primary is, for whoever wants to read what is at least as new: asked once for all who wait."""

import time
from typing import Final

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo, PGconn, Ping

from shared.concurrency.together import BatchFailed, BatchQueue
from shared.database import time_limit as database_time
from shared.database.backend import attempts
from shared.database.conflicts import READ_ONLY, sqlstate
from shared.database.replica import Mark

# A primary that says nothing for so long, on a new connection too, counts as away.
ANSWER_SECONDS: Final = 1.0
AWAY_PAUSE: Final = 1.0

# What was acknowledged is flushed; what is merely inserted nobody has been told of, and all would wait for it.
_FLUSHED: Final = """
SELECT pg_current_wal_flush_lsn()::text, ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::int
"""
# Said by what is no primary, or goes or comes: the connection broke, it shuts down or starts, it replays.
_OF_NO_PRIMARY: Final = ("08", "57P", READ_ONLY, "55000")


class PrimaryAway(Exception):
    """There is none that takes writes at the moment, or it does not answer."""


class PrimaryRefuses(Exception):
    """It is there and does not say how far it is: it has too many connections, for instance."""


# Until when the last failure is not tried again.
_known: list[tuple[float, type[Exception]]] = [(0.0, PrimaryAway)]


def primary_mark() -> Mark:
    """Where the primary is, by a question that was asked after this call began. Raises PrimaryAway, PrimaryRefuses."""
    _raise_known()
    try:
        with database_time.all_counts():
            return _QUEUE.run(None)
    except BatchFailed as error:
        _raise_known()
        raise PrimaryAway from error


def _raise_known() -> None:
    until, what = _known[0]
    if time.monotonic() < until:
        raise what


def _ask_primary(items: list[None]) -> list[Mark]:
    try:
        return [_ask_once()] * len(items)
    except (DatabaseError, InterfaceError):  # a connection that was kept may be lost, and the primary well
        connection.close()
    began = time.monotonic()
    try:
        return [_ask_once()] * len(items)
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        is_silent = time.monotonic() - began > ANSWER_SECONDS / 2
        what = PrimaryRefuses if not is_silent and _is_there(error) else PrimaryAway
        _known[0] = time.monotonic() + AWAY_PAUSE, what
        raise what from error


def _ask_once() -> Mark:
    with database_time.at_most(ANSWER_SECONDS), connection.cursor() as cursor:
        cursor.execute(_FLUSHED)
        lsn, timeline = cursor.fetchone()
    return lsn, timeline


def _is_there(error: Exception) -> bool:
    """Whether it was the primary that refused. A refused session has no code for us to see, but libpq's ping sees it;
    a pooler's refusal says nothing of what is behind it."""
    code = sqlstate(error)
    if code is not None:
        return not code.startswith(_OF_NO_PRIMARY)
    if settings.DATABASE_THROUGH_POOLER:
        return False
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    target = {name: str(value) for name, value in connection.get_connection_params().items() if name in known}
    try:
        return attempts.within(ANSWER_SECONDS, key=("ping", str(target)), work=lambda: _ping(target))
    except (DatabaseError, psycopg.Error):
        return False


def _ping(target: dict[str, str]) -> bool:
    return PGconn.ping(make_conninfo("", **target).encode()) == Ping.OK


_QUEUE: BatchQueue[None, Mark] = BatchQueue(_ask_primary, limit=1000, patience=2 * ANSWER_SECONDS)
