"""One sequencer at a time in a database, and nobody who forgets beside it."""

from typing import Final

from django.db import connection

# Of PostgreSQL's advisory locks. Locking a row would cost a transaction number at each look, and make the next look
# think that something was written.
_LOCK: Final = 5_201_001


def try_turn() -> bool:
    """Whether it is this transaction's turn until it ends; never waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def take_turn() -> None:
    """Wait for the turn, within the statement's time; it lasts until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
