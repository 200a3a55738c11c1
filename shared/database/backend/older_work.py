"""Whom a change of the schema waits for, said on the console."""

import sys
import time
from typing import Any

_PAUSE_SECONDS = 0.5
_SAID_AGAIN_SECONDS = 30.0
# A session of another role is seen by a superuser alone.
_OPEN = """
SELECT pid, xact_start, format('process %s (%s, %s, since %s s)', pid, usename,
    coalesce(nullif(application_name, ''), 'unnamed'), extract(epoch FROM clock_timestamp() - xact_start)::int)
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND xact_start IS NOT NULL {}
ORDER BY xact_start
"""
_WITH_A_SNAPSHOT = "AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL)"


def wait_for_older_work(connection: Any, *, before: str) -> None:
    """Until the transactions that see or change rows now have ended, with a line for whoever wonders; those that begin
    meanwhile are not waited for. Between two looks the session has no snapshot that others might wait for in turn."""
    waited_for = {row[:2] for row in _open_transactions(connection, _WITH_A_SNAPSHOT)}
    say_at = time.monotonic() + _PAUSE_SECONDS
    while still := [row for row in _open_transactions(connection, _WITH_A_SNAPSHOT) if row[:2] in waited_for]:
        if time.monotonic() >= say_at:
            say(f"Waiting for a transaction to end before {before}: {_names_of(still)}")
            say_at = time.monotonic() + _SAID_AGAIN_SECONDS
        time.sleep(_PAUSE_SECONDS)


def describe_open_work(connection: Any) -> str:
    """Who may hold what is waited for; empty if there is nobody."""
    return _names_of(_open_transactions(connection))


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _names_of(rows: list[tuple[Any, ...]]) -> str:
    return ", ".join(row[2] for row in rows)


def _open_transactions(connection: Any, which: str = "") -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(which))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
