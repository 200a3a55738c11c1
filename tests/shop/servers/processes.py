"""Kontor's commands as processes of their own, on a database of the test server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
PATIENCE_SECONDS = 180  # a busy machine is not a fault of the command


def url_of(database: str) -> str:
    """How another process reaches a database of the server under test."""
    parameters = connection.get_connection_params()
    reach = {name: parameters[name] for name in ("host", "port", "user", "password") if parameters.get(name)}
    return make_conninfo(dbname=database, **reach)


def run_once(*arguments: str, **variables: str) -> str:
    """Run a command on the test database to its end; what it printed."""
    done = subprocess.run(
        [*MANAGE, *arguments],
        env={**os.environ, "DATABASE_URL": url_of(connection.settings_dict["NAME"]), **variables},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def running(command: Sequence[str], log: Path, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, its output in `log`; whatever is left of it is killed at the end."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **variables},
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_as_from_a_terminal,  # noqa: PLW1509 - one system call, safe beside threads
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _as_from_a_terminal() -> None:
    """A suite that a script runs in the background has SIGINT ignored, and its children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for(condition: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.1)
