"""A second server that replays what an embedded one writes: to read from, and to take over."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType

import psycopg

from embedded_postgres.backup.taking import superuser_url
from embedded_postgres.home.accounts import Account, choose_account
from embedded_postgres.lifecycle import bin_dir
from embedded_postgres.server.configuration import PORT, clean_environment
from embedded_postgres.server.roles import SUPERUSER
from tests.shop.servers.embedded_clients import data_folder, eventually, query


def account_of(home: Path) -> Account:
    """As whom the server of that home runs."""
    return choose_account(data_folder(home).stat().st_uid)


@contextmanager
def account_admitted(home: Path) -> Iterator[None]:
    """PostgreSQL's own account, as which another server runs, may come in, too."""
    idents = data_folder(home) / "pg_ident.conf"
    before = idents.read_text(encoding="utf-8")
    idents.write_text(f"{before}kontor {account_of(home).name} all\n", encoding="utf-8")
    query(superuser_url(home), "SELECT pg_reload_conf()")
    try:
        yield
    finally:
        idents.write_text(before, encoding="utf-8")


class Standby:
    """`with Standby(home) as standby:`, where the server of `home` is the one to follow."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._account = account_of(home)
        self._admitted = ExitStack()
        self._frozen: list[int] = []
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Standby":
        self.folder = Path(tempfile.mkdtemp(prefix="kontor-standby-"))
        self._account.give(self.folder)
        self._admitted.enter_context(account_admitted(self._home))
        self._copy_primary()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder)
        self._admitted.close()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str) -> str:
        """For those who may do everything."""
        return f"host={self.folder} port={PORT} user={SUPERUSER} dbname={database}"

    def _copy_primary(self) -> None:
        options = ["--write-recovery-conf", "--checkpoint=fast", "--no-password", "--no-sync"]
        subprocess.run(
            [str(bin_dir(self._home) / "pg_basebackup"), "-D", self.data, "-d", superuser_url(self._home), *options],
            env=clean_environment(),
            capture_output=True,
            check=True,
        )
        for path in (self.data, *self.data.rglob("*")):
            self._account.give(path)

    def start(self) -> None:
        primary = psycopg.conninfo.conninfo_to_dict(superuser_url(self._home))
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.folder),
            "shared_buffers": "32MB",
            "max_connections": "200",  # at least the primary's
            "wal_retrieve_retry_interval": "100ms",
            "primary_conninfo": f"host={primary['host']} port={primary['port']} user={SUPERUSER}",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [bin_dir(self._home) / "postgres", "-D", self.data, *options],
                env=clean_environment(),
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self._account.popen_arguments(),
            )
        eventually(self._answers, f"the standby answers: {self._log()}")

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            return bool(query(self.url("postgres"), "SELECT true"))
        return False

    def _log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")[-2000:]

    def stop(self, number: int = signal.SIGINT) -> None:
        """SIGINT: it closes its sessions; SIGQUIT: as by kill -9, but nothing is left behind."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.send_signal(number)
            self._process.wait(timeout=30)
            self._process = None

    def freeze(self) -> None:
        self._frozen = self._processes()
        for pid in self._frozen:
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        for pid in self._frozen:
            with suppress(ProcessLookupError):  # what was killed meanwhile
                os.kill(pid, signal.SIGCONT)

    def _processes(self) -> list[int]:
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text(encoding="ascii")
        return [self._process.pid, *map(int, children.split())]

    def promote(self) -> None:
        query(self.url("postgres"), "SELECT pg_promote(true, 30)")

    def pause(self) -> None:
        """It gets what is written, and does not replay it."""
        query(self.url("postgres"), "SELECT pg_wal_replay_pause()")
        eventually(self._is_paused, "replaying has paused")

    def _is_paused(self) -> bool:
        return str(query(self.url("postgres"), "SELECT pg_get_wal_replay_pause_state()")) == "paused"

    def resume(self) -> None:
        query(self.url("postgres"), "SELECT pg_wal_replay_resume()")
