"""Backups of the embedded server: full, incremental, streamed; restored to the moment before a mistake."""

import shutil
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pyrage
import pytest
from django.conf import settings

from embedded_postgres.backup.repository import Repository
from embedded_postgres.backup.restoring import restore
from embedded_postgres.backup.taking import take_backup
from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.home.places import fallback_base
from embedded_postgres.lifecycle import ensure_running, release, stop
from embedded_postgres.server.roles import RESTORED_SETTING
from embedded_postgres.throwaway import EmbeddedServer
from tests.shop.servers.processes import running, wait_for

pytestmark = pytest.mark.long
SEGMENTS = 32
STREAMING = [sys.executable, "-m", "embedded_postgres.backup.streaming"]


@dataclass
class Backups:
    """A folder with an incremental backup of 100 rows and the stream of 120 more; `before` is the moment after these,
    and before the table was dropped."""

    folder: Path
    identity: Path
    before: datetime


@pytest.fixture(scope="module")
def backups(tmp_path_factory: pytest.TempPathFactory) -> Backups:
    place = tmp_path_factory.mktemp("backups")
    key = pyrage.x25519.Identity.generate()
    (place / "key.txt").write_text(f"# kept elsewhere\n{key}\n")
    recipient, folder = str(key.to_public()), place / "store"
    with EmbeddedServer() as server, psycopg.connect(server.superuser_url, autocommit=True) as link:
        (server.home / "media").mkdir()
        (server.home / "media" / "note.txt").write_text("kept")
        command = [*STREAMING, str(server.home), str(folder), recipient]
        with running(command, place / "log", PYTHONPATH=str(settings.BASE_DIR)) as streaming:
            wait_for(lambda: list((folder / "wal").glob("*.age")) != [], f"the stream begins: {place / 'log'}")
            link.execute("CREATE TABLE sold (id int)")
            link.execute("GRANT SELECT ON sold TO PUBLIC")
            link.execute("INSERT INTO sold SELECT generate_series(1, 50)")
            take_backup(server.home, folder, kind="full", recipient=recipient, beside=["media", "none"])
            link.execute("INSERT INTO sold SELECT generate_series(51, 100)")
            take_backup(server.home, folder, kind=None, recipient=recipient, beside=["media"])
            for number in range(SEGMENTS):  # so many that replaying them takes a while
                link.execute("INSERT INTO sold SELECT generate_series(101 + %s * 3, 103 + %s * 3)", [number, number])
                link.execute("SELECT pg_switch_wal()")
            link.execute("CHECKPOINT")
            ((before,),) = link.execute("SELECT clock_timestamp()").fetchall()
            link.execute("SELECT pg_sleep(0.01)")
            link.execute("DROP TABLE sold")
            wait_for(lambda: _is_streamed(link), "the receiver has it all")
            streaming.send_signal(signal.SIGTERM)  # what is there is sent on first
            assert streaming.wait(60) == 0, (place / "log").read_text()
    return Backups(folder, place / "key.txt", before)


def _is_streamed(link: psycopg.Connection) -> bool:
    sql = "SELECT bool_and(flush_lsn >= pg_current_wal_lsn()) FROM pg_stat_replication"
    ((is_there,),) = link.execute(sql).fetchall()
    return bool(is_there)


def _rows(home: Path) -> int:
    with psycopg.connect(ensure_running(home), autocommit=True) as link:
        # As Kontor's own role: it is told that this is a restored database, and may say that it is over.
        ((until,),) = link.execute(f"SELECT current_setting('{RESTORED_SETTING}')").fetchall()
        assert datetime.fromisoformat(until).utcoffset() == timedelta(0)
        link.execute(f"ALTER DATABASE kontor RESET {RESTORED_SETTING}")
        ((count,),) = link.execute("SELECT count(*) FROM sold").fetchall()
    release(home)
    stop(home)
    return int(count)


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = Path("/tmp") / f"it's 100% a home of {time.monotonic_ns()}"
    yield path
    stop(path)
    shutil.rmtree(path, ignore_errors=True)


def test_the_moment_before_a_table_was_dropped_comes_back(backups: Backups, home: Path) -> None:
    done = restore(backups.folder, home, at=backups.before, identity=backups.identity)

    assert _rows(home) == 100 + SEGMENTS * 3
    assert done.upto is not None
    assert done.upto <= backups.before
    assert (home / "media" / "note.txt").read_text() == "kept"
    assert [path.name for path in backups.folder.iterdir() if path.name.startswith(".")] == []


def test_the_end_is_where_nobody_says_when_and_goes_on_in_a_folder_of_its_own(backups: Backups, tmp_path: Path) -> None:
    home = tmp_path / "home"  # where root's unprivileged account cannot reach it
    restore(backups.folder, home, at=None, identity=backups.identity)

    try:
        with pytest.raises(psycopg.errors.UndefinedTable):
            _rows(home)
        with pytest.raises(EmbeddedPostgresError, match="restored since"):
            take_backup(home, backups.folder, kind=None, recipient="", beside=[])
        command = [*STREAMING, str(home), str(backups.folder)]
        with running(command, tmp_path / "log", PYTHONPATH=str(settings.BASE_DIR)) as streaming:
            assert streaming.wait(60) == 1
        assert "restored since" in (tmp_path / "log").read_text()
        assert take_backup(home, tmp_path / "own", kind=None, recipient="", beside=[]).is_full
    finally:
        release(home)
        stop(home)
        shutil.rmtree(fallback_base(home), ignore_errors=True)


def test_nothing_readable_lies_in_the_folder(backups: Backups) -> None:
    names = {path.name for path in backups.folder.rglob("*") if path.is_file()}

    assert {name for name in names if not name.endswith(".age")} == {
        "backup.json",
        "backup_manifest",
        "line.json",
        "status.json",
    }


def test_what_cannot_be_restored_is_refused_before_anything_is_written(
    backups: Backups, home: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()))

    def refusal(
        folder: Path = backups.folder, identity: Path | None = backups.identity, at: datetime | None = None
    ) -> str:
        with pytest.raises(EmbeddedPostgresError) as error:
            restore(folder, home, at=at, identity=identity)
        assert not home.exists()
        return str(error.value)

    assert "--identity" in refusal(identity=None)
    assert "cannot be decrypted" in refusal(identity=other)
    assert "later than that" in refusal(at=datetime.fromisoformat("2020-01-01T00:00:00Z"))
    assert "no backup" in refusal(folder=tmp_path)

    changed = shutil.copytree(backups.folder, tmp_path / "changed")
    file = next(changed.glob("*-full/base.tar.gz.age"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert f"{file} was changed" in refusal(folder=changed)

    nothing_later = refusal(at=datetime.now(UTC) + timedelta(hours=1))
    assert "Nothing later is there" in nothing_later
    assert datetime.fromisoformat(nothing_later.split()[-2]) >= backups.before


@pytest.mark.parametrize("place", [0, 1, SEGMENTS // 2], ids=["the backup's own", "the next", "one later"])
def test_a_segment_that_is_missing_is_named_and_when_one_can_go_to(
    backups: Backups, home: Path, tmp_path: Path, place: int
) -> None:
    folder = shutil.copytree(backups.folder, tmp_path / "gap")
    last = Repository(folder).backups()[-1]
    segments = sorted(path for path in (folder / "wal").glob("0*") if path.name >= last.last_wal)
    missing = segments[place]
    missing.unlink()

    for at in (None, backups.before):
        with pytest.raises(EmbeddedPostgresError, match=f"{missing.name[:24]} is missing") as error:
            restore(folder, home, at=at, identity=backups.identity)
        assert last.ended <= datetime.fromisoformat(str(error.value).split()[-2]) < backups.before


def test_a_folder_of_another_database_is_left_alone(backups: Backups) -> None:
    with EmbeddedServer() as server, pytest.raises(EmbeddedPostgresError, match="another database"):
        take_backup(server.home, backups.folder, kind=None, recipient="", beside=[])
