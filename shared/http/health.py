"""Is it alive, can it serve: for load balancers and supervisors. Both answer within a second, whatever the database
does; `problems` says why it cannot serve."""

import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse

from embedded_postgres.errors import DISK_ADVICE
from shared.database import time_limit as database_time
from shared.database.conflicts import sqlstate
from shared.database.errors import DISK_FULL
from shared.http.leaving import is_leaving

WORKER_SILENT_AFTER_SECONDS = 60
# Of a second: the rest is for a busy machine.
DATABASE_SECONDS = 0.7
DISK_LOOK_EVERY_SECONDS = 5.0

AWAY, READ_ONLY, OUT_OF_DISK, UNMIGRATED = "database_away", "read_only", "out_of_disk", "unmigrated"
STOPPING = "stopping"

_WORKER_ALIVE = """
SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s))
"""
_TAKES_NO_WRITES = "SELECT current_setting('transaction_read_only') = 'on'"
# Two megabytes sorted in 64 kB of memory go to the disk that the tables are on: no row, no WAL, nothing to clean up.
_FILL_A_LITTLE = """
SET LOCAL work_mem = '64kB';
SELECT max(line) FROM (
    SELECT repeat('x', 1000) || n AS line FROM generate_series(1, 2000) AS n ORDER BY 1 OFFSET 0
) AS lines
"""

_disk: dict[str, float] = {}


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database is there, takes writes and is migrated, else 503; and once this process was told to go. A
    missing worker stops no order."""
    if is_leaving():
        return _answer_with([STOPPING], database="unknown", migrations="unknown", worker="unknown")
    try:
        with database_time.at_most(DATABASE_SECONDS):
            return _look_at_database()
    except (DatabaseError, InterfaceError) as error:
        problems = [AWAY, OUT_OF_DISK] if DISK_ADVICE in str(error) else [AWAY]
        return _answer_with(problems, database="unavailable", migrations="unknown", worker="unknown")


def _look_at_database() -> JsonResponse:
    """Raises DatabaseError or InterfaceError when the database is away."""
    connection.ensure_connection()
    problems = [READ_ONLY] if _takes_no_writes() else []
    if _disk_is_full():
        problems.append(OUT_OF_DISK)
    missing = missing_migrations()
    return _answer_with(
        problems + ([UNMIGRATED] if missing else []),
        database=problems[0] if problems else "ok",
        migrations="unapplied" if missing else "ok",
        worker="unknown" if missing else _worker_state(),
    )


def _answer_with(problems: list[str], **parts: str) -> JsonResponse:
    if not settings.SWEEP_UNPAID_ORDERS:
        parts["sweep"] = "off"
    if not problems:
        return JsonResponse({"status": "ready", **parts})
    facts = {"status": "unready", **parts, "problems": problems}
    return JsonResponse(facts, status=503, headers={"Retry-After": "2"})


def _takes_no_writes() -> bool:
    """A session that began while the server took none stays so: the next look is another session's."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKES_NO_WRITES)
        (is_read_only,) = cursor.fetchone()
    if is_read_only and not connection.in_atomic_block:
        connection.close()
    return bool(is_read_only)


def _disk_is_full() -> bool:
    """Whether the database's disk takes no more. Looked at every few seconds at most: anybody may ask."""
    if time.monotonic() < _disk.get("has_room_until", 0.0):
        return False
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_FILL_A_LITTLE)
    except DatabaseError as error:
        if sqlstate(error) != DISK_FULL:
            raise
        return True
    _disk["has_room_until"] = time.monotonic() + DISK_LOOK_EVERY_SECONDS
    return False


def missing_migrations() -> frozenset[tuple[str, str]]:
    """Those of this code that the database has not, as (app, name)."""
    return _migrations_on_disk() - set(MigrationRecorder(connection).applied_migrations())


@cache
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    """Read once: a process's code does not change."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _worker_state() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_WORKER_ALIVE, [WORKER_SILENT_AFTER_SECONDS])
        return "ok" if cursor.fetchone()[0] else "degraded"


# By path, without a last slash.
VIEWS: Final[Mapping[str, Callable[[HttpRequest], JsonResponse]]] = {"/healthz": healthz, "/readyz": readyz}
