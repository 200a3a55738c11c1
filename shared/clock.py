"""The one clock that decides: the database's."""

from datetime import UTC, date, datetime

from django.db import connection


def database_now() -> datetime:
    """The database's wall clock (UTC), not the transaction's start: read it after locking."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def utc_today() -> date:
    """The day it is (UTC) by this process's clock, for what need not be exact."""
    return datetime.now(UTC).date()
