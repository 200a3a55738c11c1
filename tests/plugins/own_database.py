"""A database for each process that runs tests, copied from one that all of them share.

Migrating takes seconds, copying a tenth of one. The original is kept on the server for the next run, and is another
one whenever a migration is.
"""

import hashlib
import io
import os
import re
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from config.processes.migrating import Executor

TEST_DATABASE = "test_kontor_"
TEMPLATE = "kontor_template_"
KEPT_TEMPLATES = 3  # of as many states of the migrations: branches are left and come back to
ADVISORY_LOCK = 7_305_219
# Set, every test runs on tables that were cut into months (docs/partitions.md).
IN_MONTHS = "KONTOR_TEST_PARTITIONED"
# What decides how the tables look: the migrations, what they import, and the packages that bring their own.
DECISIVE = ("*/migrations/*.py", "config/settings.py", "requirements.txt")
IMPORT = re.compile(r"^(?:from|import) ((?:shared|users|catalog|orders|crm|payments|exchange)[.\w]*)", re.MULTILINE)


def own_database(connection: BaseDatabaseWrapper) -> None:
    """Tell Django the name of this process's test database and what to copy it from."""
    test = connection.settings_dict["TEST"]
    test["NAME"] = f"{TEST_DATABASE}{os.getpid()}"
    if "EMBEDDED_HOME" in connection.settings_dict:
        drop_what_killed_runs_left(connection)
    test["TEMPLATE"] = f'"{migrated_template(connection)}"'


def drop_what_killed_runs_left(server: BaseDatabaseWrapper) -> None:
    """On this machine's own server, a test database whose process is gone is nobody's."""
    with server._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{TEST_DATABASE}%"])
        for (name,) in cursor.fetchall():
            if not Path(f"/proc/{name.removeprefix(TEST_DATABASE)}").exists():
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def migrated_template(connection: BaseDatabaseWrapper) -> str:
    """Name of a database as the migrations leave it; made by the first who asks, while the others wait."""
    name = TEMPLATE + fingerprint() + ("_months" if os.environ.get(IN_MONTHS) else "")
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SET statement_timeout = 0")
        while not _has_lock(cursor):  # until the cursor's connection closes
            time.sleep(0.2)
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        if not cursor.rowcount:
            _drop_old_templates(cursor)
            unfinished = f"{name}_unfinished"
            cursor.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{unfinished}" TEMPLATE template0')
            _migrate(connection, unfinished)
            cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')  # one that is in use cannot be copied
    return name


def _has_lock(cursor: Any) -> bool:
    """Asked again and again: no statement waits longer than a client may wait for one."""
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
    return bool(cursor.fetchone()[0])


def fingerprint() -> str:
    """Changes with every file that decides how the tables look."""
    base = Path(settings.BASE_DIR)
    files = {file for pattern in DECISIVE for file in base.glob(pattern)}
    imported = {name for file in files if "migrations" in file.parts for name in IMPORT.findall(file.read_text())}
    files |= {file for name in imported if (file := base / f"{name.replace('.', '/')}.py").is_file()}
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(settings.BASE_DIR)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _drop_old_templates(cursor: Any) -> None:
    newest_first = "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC OFFSET %s"
    cursor.execute(newest_first, [f"{TEMPLATE}%", KEPT_TEMPLATES - 1])
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _migrate(connection: BaseDatabaseWrapper, database: str) -> None:
    """Without Django's signals: what they make comes from today's code, and is made in every copy."""
    own, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], database
    connection.close()
    try:
        executor = Executor(connections[connection.alias])
        executor.migrate(executor.loader.graph.leaf_nodes())
        if os.environ.get(IN_MONTHS):
            call_command("partitions", "convert", stdout=io.StringIO())
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own
