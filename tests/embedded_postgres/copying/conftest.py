"""Backups that are copied: a folder with a full one, one that goes on from it, and what was streamed after them."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
import pyrage
import pytest
from django.conf import settings

from embedded_postgres.backup.streamed import read_status
from embedded_postgres.backup.taking import take_backup
from embedded_postgres.lifecycle import ensure_running, release, stop
from embedded_postgres.throwaway import EmbeddedServer
from tests.shop.servers.processes import running, wait_for
from tests.shop.servers.storage import Storage, storage

LARGE = 52 << 20  # packed it is sent in four parts


@dataclass
class Backups:
    """`before`: the moment after the 60th row, and before the table was dropped."""

    folder: Path
    identity: Path
    before: datetime


@pytest.fixture(scope="session")
def backups(tmp_path_factory: pytest.TempPathFactory) -> Backups:
    place = tmp_path_factory.mktemp("copied")
    key = pyrage.x25519.Identity.generate()
    (place / "key.txt").write_text(str(key))
    recipient, folder = str(key.to_public()), place / "store"
    with EmbeddedServer() as server, psycopg.connect(server.superuser_url, autocommit=True) as link:
        (server.home / "media").mkdir()
        (server.home / "media" / "film").write_bytes(os.urandom(LARGE))
        command = [sys.executable, "-m", "embedded_postgres.backup.streaming", str(server.home), str(folder), recipient]
        with running(command, place / "log", PYTHONPATH=str(settings.BASE_DIR)) as streaming:
            wait_for(lambda: read_status(folder / "wal") is not None, f"the stream begins: {place / 'log'}")
            link.execute("CREATE TABLE sold AS SELECT generate_series(1, 20) AS id")
            link.execute("GRANT SELECT ON sold TO PUBLIC")
            take_backup(server.home, folder, kind="full", recipient=recipient, beside=["media"])
            link.execute("INSERT INTO sold SELECT generate_series(21, 40)")
            take_backup(server.home, folder, kind=None, recipient=recipient, beside=[])
            link.execute("INSERT INTO sold SELECT generate_series(41, 60)")
            for _ in range(3):
                link.execute("INSERT INTO sold VALUES (0)")
                link.execute("DELETE FROM sold WHERE id = 0")
                link.execute("SELECT pg_switch_wal()")
            ((before,),) = link.execute("SELECT clock_timestamp()").fetchall()
            link.execute("SELECT pg_sleep(0.01)")
            link.execute("DROP TABLE sold")
            ((after,),) = link.execute("SELECT clock_timestamp()").fetchall()
            wait_for(
                lambda: (status := read_status(folder / "wal")) is not None and status.at >= after,
                f"all of it is streamed: {place / 'log'}",
            )
            streaming.send_signal(signal.SIGTERM)
            assert streaming.wait(60) == 0, (place / "log").read_text()
    return Backups(folder, place / "key.txt", before)


@pytest.fixture(scope="session")
def far() -> Iterator[Storage]:
    with storage() as made:
        yield made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Of whoever copies: nothing but where it notes what it did."""
    (tmp_path / "home" / "run").mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def new_home() -> Iterator[Path]:
    path = Path("/tmp") / f"kontor-restored-{time.monotonic_ns()}"
    yield path
    stop(path)
    shutil.rmtree(path, ignore_errors=True)


def rows(home: Path) -> int:
    with psycopg.connect(ensure_running(home), autocommit=True) as link:
        ((count,),) = link.execute("SELECT count(*) FROM sold").fetchall()
    release(home)
    stop(home)
    return int(count)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
