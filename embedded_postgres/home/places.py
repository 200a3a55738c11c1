"""Where the embedded PostgreSQL keeps its things.

KONTOR_HOME/run       locks, the record of the running server, the keeper's log; of whoever runs Kontor
<base>/postgres/data  the cluster, <base>/log its logs; of the account PostgreSQL runs as
/tmp/kontor-…         the socket: a path of a socket holds about 100 bytes, a home may be longer
<base> is KONTOR_HOME, or /var/lib/kontor/<hash of its path> when root's unprivileged account cannot reach it.
"""

import hashlib
import json
import os
import secrets
import stat
from dataclasses import asdict, dataclass
from pathlib import Path

from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.home.accounts import Account
from embedded_postgres.home.locks import adopt

FALLBACK_ROOT = Path("/var/lib/kontor")
SOCKET_ROOT = Path("/tmp")  # noqa: S108 - holds a folder that is private and whose owner is checked


@dataclass(frozen=True)
class RunFolder:
    """KONTOR_HOME/run: how processes agree on one server."""

    path: Path

    @classmethod
    def of(cls, home: Path) -> "RunFolder":
        return cls(home / "run")

    def create(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)

    @property
    def start_lock(self) -> Path:
        """Held while a process looks for the server and has it started."""
        return self.path / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Shared by every user of the server; the keeper gets it alone when all are gone."""
        return self.path / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper for its whole life."""
        return self.path / "keeper.lock"

    @property
    def stop_request(self) -> Path:
        """While this file exists the keeper stops the server, whoever uses it."""
        return self.path / "stop"

    @property
    def pin(self) -> Path:
        """While this file exists the server stays up without users."""
        return self.path / "pinned"

    @property
    def promise(self) -> Path:
        """As old as the last answer to where one may connect: whoever got it is given the time to."""
        return self.path / "promised"

    @property
    def keeper_log(self) -> Path:
        return self.path / "keeper.log"

    @property
    def output(self) -> Path:
        """What initdb and PostgreSQL print before the log files take over."""
        return self.path / "postgres.out"

    def write(self, name: str, text: str) -> None:
        """Replace a file in one step, so that no reader sees half of it."""
        draft = self.path / f"{name}.{os.getpid()}"
        with draft.open("w", encoding="utf-8") as file:
            adopt(file.fileno(), self.path)
            file.write(text)
        draft.replace(self.path / name)

    def token(self) -> str:
        """A secret of this home, made once: nobody else can guess its socket folder and occupy it."""
        path = self.path / "token"
        if not path.exists() or not path.stat().st_size:
            self.write("token", secrets.token_hex(16))
        return path.read_text(encoding="ascii")


@dataclass(frozen=True)
class Server:
    """Where the running server is; recorded by the keeper, read by every user."""

    base: str
    data: str
    log: str
    socket: str
    bin: str

    @classmethod
    def read(cls, run: RunFolder) -> "Server | None":
        try:
            return cls(**json.loads((run.path / "server.json").read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None  # never started, torn by a power cut, or another version's: a start writes it anew

    def record(self, run: RunFolder) -> None:
        run.write("server.json", json.dumps(asdict(self)))


def fallback_base(home: Path) -> Path:
    return FALLBACK_ROOT / hashlib.sha256(os.fsencode(home)).hexdigest()[:16]


def data_owner(home: Path) -> int | None:
    """The uid that owns the existing cluster, if there is one."""
    for base in (home, fallback_base(home)):
        if (base / "postgres").is_dir():
            return (base / "postgres").stat().st_uid
    return None


def choose_base(home: Path, account: Account) -> Path:
    """Where data is, else where it shall be. Raises EmbeddedPostgresError when data is out of reach."""
    reachable = account.call(lambda: os.access(home, os.X_OK))
    fallback = fallback_base(home)
    if (home / "postgres" / "data").is_dir():
        if not reachable:
            raise EmbeddedPostgresError(
                f"User {account.name}, who runs PostgreSQL, can no longer reach the data in {home}: "
                f"allow entering its parent folders again, or move {home}/postgres to {fallback}."
            )
        return home
    if reachable and not (fallback / "postgres" / "data").is_dir():
        return home
    fallback.mkdir(parents=True, exist_ok=True)
    return fallback


def make_owned_folder(path: Path, account: Account) -> None:
    """Make a private folder for the account; an existing one is left alone."""
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True)
        account.give(path)


def make_socket_folder(home: Path, run: RunFolder, account: Account) -> Path:
    """The private folder of the socket. Raises EmbeddedPostgresError when somebody else occupies it."""
    name = hashlib.sha256(os.fsencode(home) + run.token().encode()).hexdigest()[:16]
    path = SOCKET_ROOT / f"kontor-{account.uid}-{name}"
    if not os.path.lexists(path):
        path.mkdir(mode=0o700)
        account.give(path)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or stat.S_IMODE(found.st_mode) != 0o700:
        raise EmbeddedPostgresError(f"{path} is not a private folder of user {account.name}: remove it.")
    return path
