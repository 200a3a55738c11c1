"""Three servers, and etcd in which they note who leads: what patroni.yml makes, on one machine."""

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import psycopg
from psycopg.conninfo import make_conninfo

from embedded_postgres.home.accounts import Account, choose_account
from embedded_postgres.server.processes import end_with_parent
from ops.failover.member import CONFIGURATION, Member
from ops.failover.ports import free_port
from ops.failover.programs import FOLDER, Programs, install

NAMES: Final = ("one", "two", "three")
START_SECONDS: Final = 180
DATABASE: Final = "kontor"


class DrillError(Exception):
    """The drill could not be carried out: nothing is proven."""


def wait_for(condition: Callable[[], object], what: str, *, seconds: float, pause: float = 0.2) -> None:
    """Raises DrillError when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise DrillError(f"Not within {seconds:.0f} s: {what}")
        time.sleep(pause)


class Cluster:
    """`with Cluster() as cluster:`; gone with its data afterwards."""

    def __enter__(self) -> "Cluster":
        self.account: Account = choose_account(None)
        self.folder = Path(tempfile.mkdtemp(prefix="kontor-failover-"))
        self.folder.chmod(0o711)  # the account passes through it
        self.password = secrets.token_hex(16)
        self.members: list[Member] = []
        self._etcd: subprocess.Popen[bytes] | None = None
        try:
            self._start(install(self.folder, self.account))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for member in self.members:
            member.stop()
        if self._etcd is not None:
            self._etcd.kill()
            self._etcd.wait(30)
        if kind is None:
            shutil.rmtree(self.folder)
        else:
            print(f"The logs of the servers are in {self.folder}.")

    @property
    def url(self) -> str:
        """Kontor's, with all servers in it: what DATABASE_URL is to be."""
        hosts = ",".join(f"127.0.0.1:{member.port}" for member in self.members)
        return f"postgresql://kontor:{self.password}@{hosts}/{DATABASE}"

    def superuser(self, member: Member, database: str = DATABASE) -> str:
        return make_conninfo(
            host="127.0.0.1", port=member.port, user="postgres", password=self.password, dbname=database
        )

    def leader(self) -> Member:
        """Whom etcd's lease is with, as the servers that answer see it. Raises DrillError after a while."""
        found: list[Member] = []

        def is_there() -> bool:
            found[:] = [member for member in self.members if member.ask("GET", "/leader")[0] == 200]
            return bool(found)

        wait_for(is_there, "some server leads", seconds=START_SECONDS)
        return found[0]

    def standbys(self) -> list[Member]:
        leader = self.leader()
        return [member for member in self.members if member is not leader]

    def wait_until_whole(self) -> None:
        """One leads, the others stream from it, and commits wait for one of them."""
        wait_for(self._is_whole, f"the cluster is whole, see {self.folder}", seconds=START_SECONDS)

    def _is_whole(self) -> bool:
        status, seen = self.leader().ask("GET", "/cluster")
        if status != 200:
            return False
        roles = sorted((row["role"], row["state"]) for row in seen["members"])
        synchronous = self.settings().get("synchronous_mode")
        second = "sync_standby" if synchronous else "replica"
        return roles == sorted([("leader", "running"), ("replica", "streaming"), (second, "streaming")])

    def settings(self) -> dict[str, Any]:
        return dict(self.leader().ask("GET", "/config")[1] or {})

    def change_settings(self, **settings: Any) -> None:
        status, answer = self.leader().ask("PATCH", "/config", settings)
        if status != 200:
            raise DrillError(f"Patroni takes no settings: {answer}")

    def switch_over(self) -> None:
        """To the standby that has every commit."""
        leader = self.leader()
        status, answer = leader.ask("POST", "/switchover", {"leader": leader.name})
        if status != 200:
            raise DrillError(f"Patroni does not switch over: {answer}")

    def _start(self, programs: Programs) -> None:
        shutil.copy(CONFIGURATION, self.folder)
        (self.folder / CONFIGURATION.name).chmod(0o644)
        port = self._start_etcd(programs)
        for name in NAMES:
            folder = self.folder / name
            folder.mkdir(mode=0o700)
            self.account.give(folder)
            arguments = (folder, free_port(), free_port(), f"127.0.0.1:{port}", self.password, programs, self.account)
            self.members.append(Member(name, *arguments))
        for member in self.members:
            member.start()
        self.wait_until_whole()
        self._make_database(programs)

    def _start_etcd(self, programs: Programs) -> int:
        folder = self.folder / "etcd"
        folder.mkdir(mode=0o700)
        self.account.give(folder)
        port, peers = free_port(), free_port()
        where = [f"--listen-client-urls=http://127.0.0.1:{port}", f"--advertise-client-urls=http://127.0.0.1:{port}"]
        where += [f"--listen-peer-urls=http://127.0.0.1:{peers}", f"--data-dir={folder / 'data'}"]
        where += [f"--initial-advertise-peer-urls=http://127.0.0.1:{peers}"]
        where += [f"--initial-cluster=default=http://127.0.0.1:{peers}"]
        # Never on servers: etcd itself is no part of the drill, and shares its disk with three PostgreSQLs here.
        where += ["--unsafe-no-fsync"]
        with (folder / "log").open("ab") as log:
            self._etcd = subprocess.Popen(
                [str(programs.etcd), *where],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=end_with_parent(), **self.account.popen_arguments(),  # noqa: PLW1509 - no thread yet
            )  # fmt: skip
        return port

    def _make_database(self, programs: Programs) -> None:
        leader = self.superuser(self.leader(), "postgres")
        psql = [str(programs.postgres / "psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
        secret = os.environ | {"KONTOR_PASSWORD": self.password}
        subprocess.run([*psql, f"--file={FOLDER / 'roles.sql'}", leader], check=True, env=secret)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Of whoever takes writes, in Kontor's database."""
        with psycopg.connect(self.url, autocommit=True, target_session_attrs="read-write", connect_timeout=5) as link:
            return link.execute(statement).fetchall()
