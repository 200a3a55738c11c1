import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import override_settings
from pytest_django import DjangoDbBlocker

# Making and dropping a test database is one statement each, and takes its time on a busy machine.
SLOW_STATEMENT_MS = 120_000
TEST_DATABASE = "test_kontor_"

REAL_PASSWORD_HASHERS = list(settings.PASSWORD_HASHERS)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_blocker: DjangoDbBlocker) -> None:
    """A database of this run's own: two runs of one checkout share a server and must not share tables."""
    for alias in connections:
        settings_dict = connections[alias].settings_dict
        settings_dict["OPTIONS"]["options"] += f" -c statement_timeout={SLOW_STATEMENT_MS}"
        settings_dict["TEST"]["NAME"] = f"{TEST_DATABASE}{os.getpid()}"
        if "EMBEDDED_HOME" in settings_dict:
            with django_db_blocker.unblock():
                drop_what_killed_runs_left(connections[alias])


def drop_what_killed_runs_left(server: BaseDatabaseWrapper) -> None:
    """On this machine's own server, a test database whose process is gone is nobody's."""
    with server._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{TEST_DATABASE}%"])
        for (name,) in cursor.fetchall():
            if not Path(f"/proc/{name.removeprefix(TEST_DATABASE)}").exists():
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(autouse=True, scope="session")
def _light_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Passwords hash in no time, and collected static files may be missing."""
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
    ):
        yield
