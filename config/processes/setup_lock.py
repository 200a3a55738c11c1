"""One process at a time sets up a database: several starting at once take turns."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

from shared.database.backend.older_work import say
from shared.database.transactions import unlimited_session

_LOCK_KEY = 0x4B6F6E746F72  # "Kontor"; unlike the key of anybody else who locks by number
_PAUSE_SECONDS = 0.5


@contextmanager
def exclusive_setup(using: str = "default") -> Iterator[None]:
    """Take turns, waiting as long as it takes, and without the time limit that requests have on statements.

    Locks: an advisory one, on this session; whoever holds it may take it again. It is asked for again and again: a
    statement that waited for it would be a transaction that the other one's CREATE INDEX CONCURRENTLY waits for. A
    statement's wait for other locks stays limited: while a migration queues behind a long transaction, everybody
    queues behind it.
    """
    connection = connections[using]
    with unlimited_session(connection):
        with connection.cursor() as cursor:
            _take_turn(cursor)
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_KEY])


def _take_turn(cursor: Any) -> None:
    has_said = False
    while True:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK_KEY])
        if cursor.fetchone()[0]:
            return
        if not has_said:
            say("Another process is setting up this database: waiting for it to end.")
            has_said = True
        time.sleep(_PAUSE_SECONDS)
