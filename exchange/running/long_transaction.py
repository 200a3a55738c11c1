"""What long jobs have in common: one at a time, seen from outside while they run, and never twice."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from shared.database.transactions import take_time

_STATEMENT_SECONDS = 600
# A cursor is planned for its first rows unless told that all will be fetched.
_FOR_ALL_ROWS = "SET LOCAL cursor_tuple_fraction = 1; SET LOCAL work_mem = '64MB'"
_LOCK_SECONDS = 60
_WRITERS = 7_301_846  # any number: the lock of those who write imports into the books


class Superseded(Exception):
    """Another run of the same job has taken over: this one must leave no trace."""


@contextmanager
def long_transaction(*, is_alone: bool = False) -> Iterator[None]:
    """An outermost transaction whose statements may take minutes; `is_alone`: no other one that is alone runs."""
    with transaction.atomic():
        take_time(_STATEMENT_SECONDS)
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_STATEMENT_SECONDS}s'")
            if is_alone:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITERS])
            cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
            cursor.execute(_FOR_ALL_ROWS)
        yield


def tell_planner(*models_: type[models.Model]) -> None:
    """Rows have just come in great numbers: without this, PostgreSQL expects a few and joins them one by one."""
    with connection.cursor() as cursor:
        for model in models_:
            cursor.execute(f"ANALYZE {model._meta.db_table}")


class Progress:
    """Shows how far a run is, while its transaction is still open: over a connection of its own."""

    _EVERY_SECONDS = 0.5

    def __init__(self, model: type[models.Model], *, pk: UUID, run_id: UUID | None, column: str = "progress") -> None:
        self._sql = f"UPDATE {model._meta.db_table} SET {column} = %s, updated_at = now() WHERE id = %s AND run_id = %s"  # noqa: S608
        self._keys = [pk, run_id]
        self._shown_at = 0.0
        self._connection: BaseDatabaseWrapper | None = None

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *exc: object) -> None:
        if self._connection is not None:
            self._connection.close()

    def show(self, value: float) -> None:
        """At most twice a second; never waits for anybody, for nobody else writes this row while the run goes on."""
        if time.monotonic() - self._shown_at < self._EVERY_SECONDS:
            return
        if self._connection is None:
            self._connection = connection.copy()
        with self._connection.cursor() as cursor:
            cursor.execute(self._sql, [int(value), *self._keys])
        self._shown_at = time.monotonic()
