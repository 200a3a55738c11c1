"""One PostgreSQL cluster on disk and the postmaster that serves it. Used by the keeper alone, under its lock."""

import contextlib
import ctypes
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

from shared.postgres import binaries
from shared.postgres.accounts import Account
from shared.postgres.configuration import PORT, clean_environment
from shared.postgres.errors import EmbeddedPostgresError, explain_output
from shared.postgres.leftovers import end_leftovers

DATABASE_USER = "kontor"
START_SECONDS = 600.0  # a recovery after a crash may take long, and must not be interrupted
STOP_SECONDS = 60.0
PR_SET_PDEATHSIG = 1


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
        """Run initdb unless it has been. Aside, then renamed: one that was killed half-way leaves no cluster."""
        if self.data.is_dir():
            self._check_major_version()
            return
        for stale in self.folder.glob("init-*"):
            shutil.rmtree(stale, ignore_errors=True)
        draft = Path(tempfile.mkdtemp(prefix="init-", dir=self.folder))
        self.account.give(draft)
        self._run("creating the database cluster", "initdb", "--pgdata", str(draft), *INITDB_OPTIONS)
        draft.rename(self.data)
        _sync_folder(self.folder)

    def start(self, settings: Mapping[str, str], *, cancelled: Callable[[], bool]) -> None:
        """Start the postmaster and wait until it takes connections. Raises EmbeddedPostgresError with its words."""
        self._clear_the_way()
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.output.open("wb") as output:
            self._postmaster = self._spawn("postgres", "-D", str(self.data), *options, output=output.fileno())
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if self._postmaster.poll() is not None:
                raise explain_output("starting", self._words(), self.log)
            if cancelled() or time.monotonic() > deadline:
                self.stop()
                raise EmbeddedPostgresError(f"PostgreSQL was stopped before it was ready. The log is in {self.log}.")
            time.sleep(0.02)

    def is_running(self) -> bool:
        """Whether the postmaster lives and can be reached (a cleaner of /tmp may take its socket)."""
        alive = self._postmaster is not None and self._postmaster.poll() is None
        return alive and (self.socket / f".s.PGSQL.{PORT}").exists()

    def stop(self) -> None:
        """Stop: sessions are cut, everything committed is on disk. Harder means if that takes over 60 s."""
        for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
            if self._postmaster is None or self._postmaster.poll() is not None:
                break
            self._postmaster.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._postmaster.wait(seconds)

    def _clear_the_way(self) -> None:
        """End leftovers, then take away the pid files they vouched for: a pid in them may be anybody's by now."""
        if not self.account.call(lambda: end_leftovers(self.data)):
            raise EmbeddedPostgresError(f"Processes of an earlier PostgreSQL in {self.data} cannot be stopped.")
        if sys.platform == "linux":  # elsewhere leftovers cannot be told, and PostgreSQL's own caution must do
            for stale in (self.data / "postmaster.pid", *self.socket.glob(f".s.PGSQL.{PORT}*")):
                stale.unlink(missing_ok=True)

    def _is_ready(self) -> bool:
        """Ask the pid file, but only when it is our own child's."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return False
        assert self._postmaster is not None
        return len(lines) >= 8 and lines[0] == str(self._postmaster.pid) and lines[7].strip() == "ready"

    def _check_major_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != str(binaries.MAJOR):
            raise EmbeddedPostgresError(
                f"The data in {self.data} is PostgreSQL {found}'s, this Kontor brings {binaries.MAJOR}. Dump it with "
                f"PostgreSQL {found} (pg_dump) and restore it here, or set KONTOR_HOME to another folder."
            )

    def _run(self, doing: str, program: str, *arguments: str) -> None:
        with self.output.open("wb") as output:
            code = self._spawn(program, *arguments, output=output.fileno()).wait()
        if code:
            raise explain_output(doing, self.output.read_text(encoding="utf-8", errors="replace"), self.output)

    def _spawn(self, program: str, *arguments: str, output: int) -> subprocess.Popen[bytes]:
        """Start a program as the account, in a session of its own (no Ctrl-C), to end with this process."""
        return subprocess.Popen(  # noqa: S603 - our own program and arguments
            [self.bin / program, *arguments],
            cwd="/",
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_end_with_parent(),
            **self.account.popen_arguments(),
        )

    def _words(self) -> str:
        """What PostgreSQL said last, wherever it said it."""
        said = self.output.read_text(encoding="utf-8", errors="replace")
        logs = sorted(self.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
        if "Future log output" in said and logs:
            said = logs[-1].read_text(encoding="utf-8", errors="replace")[-2000:]
        return said


INITDB_OPTIONS = (
    f"--username={DATABASE_USER}",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth-local=trust",  # whoever can enter the private socket folder
    "--auth-host=reject",
    "--data-checksums",
)


def _end_with_parent() -> Callable[[], None] | None:
    """For the child, before exec: a fast shutdown when this process dies, by kill -9 too. Linux only."""
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGINT))
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
