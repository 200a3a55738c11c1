"""The stream to the backups when something goes wrong: a place that is lost, a kill -9, a folder that is away."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from embedded_postgres.backup.repository import Repository
from embedded_postgres.backup.restoring import restore
from embedded_postgres.backup.streamed import read_status
from embedded_postgres.backup.taking import take_backup
from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.throwaway import EmbeddedServer
from tests.shop.servers.processes import MANAGE, running, wait_for

pytestmark = pytest.mark.long
# As `make run` does it: the supervisor, with the stream as its only child.
SUPERVISED = """
import sys
from config.processes.supervisor import Child, Supervisor
command = [sys.executable, "-m", "embedded_postgres.backup.streaming", *sys.argv[1:]]
stream = Child("The stream", command, is_optional=True)
sys.exit(Supervisor([stream], say=lambda text: print(text, flush=True)).run())
"""
RECEIVERS = "SELECT count(*) FROM pg_stat_replication"


class Shop:
    """A server that keeps little for a stream that is away, and where it streams to."""

    def __init__(self, server: EmbeddedServer, place: Path) -> None:
        self.home, self.folder, self.log = server.home, place / "store", place / "log"
        self.wal = self.folder / "wal"
        self.link = psycopg.connect(server.superuser_url, autocommit=True)
        self.command = [sys.executable, "-c", SUPERVISED, str(self.home), str(self.folder)]

    def fill(self, segments: int) -> None:
        for _ in range(segments):
            self.link.execute("INSERT INTO sold DEFAULT VALUES")
            self.link.execute("SELECT pg_switch_wal()")
        self.link.execute("CHECKPOINT")

    def now(self) -> datetime:
        ((now,),) = self.link.execute("SELECT clock_timestamp()").fetchall()
        return now

    def wait_until_streamed(self) -> datetime:
        """The moment up to which it is."""
        now = self.now()
        wait_for(lambda: (status := read_status(self.wal)) is not None and status.at >= now, f"streamed: {self.log}")
        return now

    def receivers(self) -> int:
        ((count,),) = self.link.execute(RECEIVERS).fetchall()
        return int(count)

    def has_lost_its_place(self) -> bool:
        return self.link.execute("SELECT wal_status FROM pg_replication_slots").fetchall() == [("lost",)]

    def status(self) -> tuple[int, str]:
        """Exit code and words of manage.py backup_status."""
        variables = {"BACKUP_DIR": str(self.folder), "DATABASE_URL": "", "KONTOR_HOME": str(self.home)}
        said = self.folder.with_name("status")
        with running([*MANAGE, "backup_status"], said, **variables) as process:
            return process.wait(60), said.read_text()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with EmbeddedServer(settings={"max_slot_wal_keep_size": "32MB"}) as server:
        made = Shop(server, tmp_path)
        made.link.execute("CREATE TABLE sold (at timestamptz DEFAULT now())")
        with made.link:
            yield made


def test_a_stream_that_was_away_too_long_begins_anew_and_a_backup_ends_its_gap(shop: Shop, tmp_path: Path) -> None:
    with running(shop.command, shop.log, PYTHONPATH=str(settings.BASE_DIR)) as supervisor:
        wait_for(lambda: shop.receivers() == 1, f"it streams: {shop.log}")
        first = take_backup(shop.home, shop.folder, kind="full", recipient="", beside=[])
        shop.fill(1)
        quiet = shop.wait_until_streamed()
        assert shop.status()[0] == 0
        os.kill(supervisor.pid, signal.SIGKILL)
        supervisor.wait()
    wait_for(lambda: shop.receivers() == 0, "the stream ends with its supervisor")

    while not shop.has_lost_its_place():
        shop.fill(3)
    (shop.wal / ".00000001000000000000000A.gz.123").write_bytes(b"of a stream that was killed")
    (torn,) = (shop.home / "run" / "wal").glob("*.partial")
    os.truncate(torn, 12345)
    with running(shop.command, shop.log, PYTHONPATH=str(settings.BASE_DIR)) as supervisor:
        shop.wait_until_streamed()
        shop.fill(1)
        shop.wait_until_streamed()
        code, said = shop.status()
        assert (code, "is missing" in said) == (1, True), said
        take_backup(shop.home, shop.folder, kind=None, recipient="", beside=[])
        latest = shop.wait_until_streamed()
        code, said = shop.status()
        assert (code, "But not to what is between" in said) == (0, True), said
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(60) == 0
    assert "has a gap" in shop.log.read_text()
    assert list(shop.wal.glob(".*")) == []

    row = Repository(shop.folder).row_after(first)
    assert first.ended <= row.upto <= quiet < latest
    with pytest.raises(EmbeddedPostgresError, match="is missing"):
        restore(shop.folder, tmp_path / "between", at=row.upto + timedelta(microseconds=1), identity=None)


def test_a_folder_that_is_away_stops_nobody_and_a_moment_after_which_nothing_happened_is_restored(shop: Shop) -> None:
    shop.folder.write_text("a disk that is away")
    home = shop.home.with_name(f"{shop.home.name}-restored")
    with running(shop.command, shop.log, PYTHONPATH=str(settings.BASE_DIR)) as supervisor:
        wait_for(lambda: shop.log.read_text().count("starting it again") >= 2, f"it is tried again: {shop.log}")
        assert list((shop.home / "run").glob("wal/*")) == []
        shop.folder.unlink()
        shop.wait_until_streamed()
        take_backup(shop.home, shop.folder, kind="full", recipient="", beside=[])
        shop.link.execute("INSERT INTO sold DEFAULT VALUES")
        quiet = shop.wait_until_streamed()
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(60) == 0
    try:
        done = restore(shop.folder, home, at=quiet, identity=None)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    assert done.upto is not None
    assert done.upto <= quiet
