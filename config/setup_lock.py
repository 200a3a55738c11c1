"""One process at a time sets up a database: several starting at once take turns."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from shared.transactions import unlimited_session

_LOCK_KEY = 0x4B6F6E746F72  # "Kontor"; unlike the key of anybody else who locks by number


@contextmanager
def exclusive_setup(using: str = "default") -> Iterator[None]:
    """Take turns, waiting as long as it takes, and without the time limit that requests have on statements.

    Locks: an advisory one, on this session; whoever holds it may take it again. A statement's wait for other
    locks stays limited: while a migration queues behind a long transaction, everybody queues behind it.
    """
    connection = connections[using]
    with unlimited_session(connection):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK_KEY])
            cursor.execute("RESET lock_timeout")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_KEY])
