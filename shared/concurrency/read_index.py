"""How far the primary is, for whoever wants to read what is at least as new: asked once for all who wait."""

import threading
import time
from typing import Final

from django.db import DatabaseError, InterfaceError, connection

from shared.concurrency.together import BatchFailed, BatchQueue
from shared.database import time_limit as database_time
from shared.database.replica import Mark

# A primary that says nothing for so long, on a new connection too, counts as away.
ANSWER_SECONDS: Final = 1.0
AWAY_PAUSE: Final = 1.0

# What was acknowledged is flushed; what is merely inserted nobody has been told of, and all would wait for it.
_FLUSHED: Final = """
SELECT pg_current_wal_flush_lsn()::text, ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::int
"""

_away_until = [0.0]
_lock = threading.Lock()


class PrimaryAway(Exception):
    """There is none that takes writes at the moment, or it does not answer."""


def primary_mark() -> Mark:
    """Where the primary is, by a question that was asked after this call began. Raises PrimaryAway."""
    if time.monotonic() < _away_until[0]:
        raise PrimaryAway
    try:
        with database_time.all_counts():
            return _QUEUE.run(None)
    except BatchFailed as error:
        raise PrimaryAway from error
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        with _lock:
            _away_until[0] = time.monotonic() + AWAY_PAUSE
        raise PrimaryAway from error


def _ask_primary(items: list[None]) -> list[Mark]:
    try:
        mark = _ask_once()
    except (DatabaseError, InterfaceError):  # a connection that was kept may be lost, and the primary well
        connection.close()
        mark = _ask_once()
    return [mark] * len(items)


def _ask_once() -> Mark:
    with database_time.at_most(ANSWER_SECONDS), connection.cursor() as cursor:
        cursor.execute(_FLUSHED)
        lsn, timeline = cursor.fetchone()
    return lsn, timeline


_QUEUE: BatchQueue[None, Mark] = BatchQueue(_ask_primary, limit=1000, patience=2 * ANSWER_SECONDS)
