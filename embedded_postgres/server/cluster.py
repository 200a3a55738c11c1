"""One PostgreSQL cluster on disk and the postmaster that serves it; for the keeper alone, under its lock."""

import contextlib
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from embedded_postgres.errors import EmbeddedPostgresError, explain_output
from embedded_postgres.home.accounts import Account
from embedded_postgres.server import binaries
from embedded_postgres.server.configuration import clean_environment, socket_file
from embedded_postgres.server.leftovers import end_leftovers
from embedded_postgres.server.processes import end_with_parent, reap_adopted
from embedded_postgres.server.roles import MARK, SUPERUSER, settle_roles

START_SECONDS = 600.0  # a recovery after a crash may take long, and must not be interrupted
STOP_STEPS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))  # seconds


@dataclass
class Cluster:
    folder: Path
    log: Path
    bin: Path
    socket: Path
    account: Account
    output: Path
    _postmaster: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def create_if_missing(self) -> None:
        """Run initdb once. Aside, then renamed: when killed half-way it leaves no cluster."""
        for stale in self.folder.glob("init-*"):  # of a killed start, whose initdb may have written on for a moment
            shutil.rmtree(stale, ignore_errors=True)
        if self.data.is_dir():
            self._check_major_version()
            return
        draft = Path(tempfile.mkdtemp(prefix="init-", dir=self.folder))
        self.account.give(draft)
        try:
            self._run_program("creating the database cluster", "initdb", "--pgdata", str(draft), *INITDB_OPTIONS)
            self._settle_roles(draft)
        except EmbeddedPostgresError:
            shutil.rmtree(draft)
            raise
        draft.rename(self.data)
        _sync_folder(self.folder)

    def settle_roles(self) -> None:
        """In a cluster made before Kontor had a role of its own, give it one; before the start."""
        if not (self.data / MARK).exists():
            self._clear_the_way()
            self._settle_roles(self.data)

    def start(self, settings: Mapping[str, str], *, cancelled: Callable[[], bool]) -> None:
        """Start the postmaster; wait until it takes connections. An EmbeddedPostgresError has its words."""
        self._clear_the_way()
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.output.open("wb") as output:
            self._postmaster = self._spawn_as_account(
                "postgres", "-D", str(self.data), *options, output=output.fileno()
            )
        is_restoring = (self.data / "recovery.signal").exists()  # it replays for as long as there is something
        deadline = time.monotonic() + (math.inf if is_restoring else START_SECONDS)
        while not self._is_ready():
            if self._postmaster.poll() is not None:
                raise explain_output("starting", self._last_words(), self.log)
            if cancelled() or time.monotonic() > deadline:
                self.stop()
                raise EmbeddedPostgresError(f"PostgreSQL was stopped before it was ready. See {self.log}.")
            time.sleep(0.02)

    def is_running(self) -> bool:
        """Whether the postmaster lives and can be reached (a cleaner of /tmp may take its socket)."""
        alive = self._postmaster is not None and self._postmaster.poll() is None
        return alive and socket_file(self.socket).exists()

    def stop(self) -> None:
        """Stop: sessions are cut, everything committed is on disk. Harder means if that takes over 60 s."""
        for number, seconds in STOP_STEPS:
            if self._postmaster is None or self._postmaster.poll() is not None:
                break
            self._postmaster.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._postmaster.wait(seconds)
        self._end_leftovers()

    def _clear_the_way(self) -> None:
        """End leftovers, then remove their pid files: the number in such a file may be anybody's by now."""
        self._end_leftovers()
        if sys.platform == "linux":  # elsewhere leftovers cannot be told: PostgreSQL's own caution must do
            stale_files = (self.data / "postmaster.pid", *self.socket.glob(".s.PGSQL.*"))
            for stale in stale_files:
                stale.unlink(missing_ok=True)

    def _end_leftovers(self) -> None:
        if not self.account.call(lambda: end_leftovers(self.data)):
            raise EmbeddedPostgresError(f"An earlier PostgreSQL in {self.data} cannot be stopped.")
        reap_adopted()

    def _is_ready(self) -> bool:
        """Ask the pid file, but only when it is our own child's."""
        try:
            lines = _text_of(self.data / "postmaster.pid").splitlines()
        except FileNotFoundError:
            return False
        own = self._postmaster is not None and lines[:1] == [str(self._postmaster.pid)]
        return own and len(lines) >= 8 and lines[7].strip() == "ready"

    def _check_major_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != str(binaries.MAJOR):
            raise EmbeddedPostgresError(
                f"The data in {self.data} is PostgreSQL {found}'s, this Kontor brings {binaries.MAJOR}. "
                f"Dump it with PostgreSQL {found} (pg_dump) and restore it here, or move KONTOR_HOME."
            )

    def _run_program(self, doing: str, program: str, *arguments: str) -> None:
        with self.output.open("wb") as output:
            code = self._spawn_as_account(program, *arguments, output=output.fileno()).wait()
        if code:
            raise explain_output(doing, _text_of(self.output), self.output)

    def _settle_roles(self, data: Path) -> None:
        def run_alone(database: str, statement: str) -> str:
            with tempfile.TemporaryFile() as script, self.output.open("wb") as output:
                script.write(f"{statement.strip()}\n\n".encode())
                script.seek(0)
                alone = ("--single", "-j", "-c", "log_min_error_statement=panic", "-D", str(data), database)
                self._spawn_as_account("postgres", *alone, output=output.fileno(), script=script.fileno()).wait()
            return _text_of(self.output)

        if words := settle_roles(run_alone):
            raise explain_output("giving Kontor a role of its own", words, self.output)
        self.account.write(data / MARK, "")

    def _spawn_as_account(
        self, program: str, *arguments: str, output: int, script: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """Start a program as the account, in a session of its own (no Ctrl-C), to end with this process."""
        return subprocess.Popen(  # noqa: S603 - our own program and arguments
            [self.bin / program, *arguments],
            cwd="/",
            env=clean_environment(),
            stdin=script,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=end_with_parent(),  # noqa: PLW1509 - the keeper has one thread
            **self.account.popen_arguments(),
        )

    def _last_words(self) -> str:
        """What PostgreSQL said last, wherever it said it."""
        said = _text_of(self.output)
        logs = sorted(self.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
        if "Future log output" in said and logs:
            said = _text_of(logs[-1])[-2000:]
        return said


INITDB_OPTIONS = (
    f"--username={SUPERUSER}",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth-local=reject",  # until access.py says who
    "--auth-host=reject",
    "--data-checksums",
)


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
