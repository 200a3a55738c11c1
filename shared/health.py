"""Is it alive, can it serve: for load balancers and supervisors."""

from functools import cache

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse

WORKER_SILENT_AFTER_SECONDS = 60

_WORKER_ALIVE = """
SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s))
"""


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database is there and migrated, else 503. A missing worker stops no order."""
    try:
        missing = _migrations_on_disk() - set(MigrationRecorder(connection).applied_migrations())
        worker = "unknown" if missing else _worker_state()
    except (DatabaseError, InterfaceError):
        return _answer("unready", database="unavailable", migrations="unknown", worker="unknown")
    if missing:
        return _answer("unready", database="ok", migrations="unapplied", worker=worker)
    return _answer("ready", database="ok", migrations="ok", worker=worker)


def _answer(status: str, **parts: str) -> JsonResponse:
    is_ready = status == "ready"
    headers = {} if is_ready else {"Retry-After": "2"}
    return JsonResponse({"status": status, **parts}, status=200 if is_ready else 503, headers=headers)


@cache
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    """Read once: a process's code does not change."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _worker_state() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_WORKER_ALIVE, [WORKER_SILENT_AFTER_SECONDS])
        return "ok" if cursor.fetchone()[0] else "degraded"
