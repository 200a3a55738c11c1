"""What is streamed, in the second copy: what is sent again, what is removed, and how it is judged."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from embedded_postgres.backup.streamed import PARTIAL, name_whole, stored_of
from embedded_postgres.backup.wal_names import following
from embedded_postgres.copying.copying import Copying
from embedded_postgres.copying.folder import FolderPlace
from embedded_postgres.copying.note import note_pass, note_sending, read_pass
from embedded_postgres.copying.place import place_of
from embedded_postgres.copying.report import report_on
from tests.embedded_postgres.copying.conftest import Backups, rows
from tests.shop.servers.storage import Storage

pytestmark = pytest.mark.long


@pytest.fixture
def folder(backups: Backups, tmp_path: Path) -> Path:
    return Path(shutil.copytree(backups.folder, tmp_path / "store"))


def _partial(folder: Path) -> Path:
    return next(iter(sorted(folder.glob(f"wal/*{PARTIAL}*"), reverse=True)))


def _grow(folder: Path) -> None:
    """The partial segment becomes a whole one, and the next begins."""
    partial = _partial(folder)
    after = following(partial.name[:24])
    partial.rename(partial.with_name(partial.name.replace(PARTIAL, "")))
    (folder / "wal" / partial.name.replace(partial.name[:24], after)).write_bytes(b"begun")


@pytest.mark.parametrize("may", [True, False])
def test_a_key_that_may_not_remove_anything_is_asked_once(
    folder: Path, far: Storage, home: Path, monkeypatch: pytest.MonkeyPatch, may: bool
) -> None:
    prefix = f"removes-{may}"
    monkeypatch.setattr("embedded_postgres.copying.copying.LISTED_SECONDS", -1)  # it is listed each time
    copying = Copying(home, folder, place_of(far.options(prefix)))
    far.refuses = lambda request: request.method == "DELETE" and not may
    far.requests.clear()
    try:
        for _ in range(3):
            copying.bring()
            _grow(folder)
        copying.bring()
        copying.bring()
    finally:
        far.refuses = lambda request: False
    removed = [name for method, name, _ in far.requests if method == "DELETE" and name.startswith(prefix)]
    left = [name for name in far.names(prefix) if PARTIAL in name]
    assert (len(removed), len(left)) == ((3, 1) if may else (1, 4))


def test_nothing_is_sent_again_that_did_not_change(folder: Path, far: Storage, home: Path) -> None:
    copying = Copying(home, folder, place_of(far.options("grown")))
    partial = _partial(folder)
    beyond_a_gap = following(following(partial.name[:24]))
    (folder / "wal" / partial.name.replace(partial.name[:24], beyond_a_gap)).write_bytes(b"begun")
    copying.bring()
    far.requests.clear()
    copying.bring()
    assert [name for method, name, _ in far.requests if method == "PUT"] == []


def test_a_backup_on_its_way_is_no_fault_while_the_stream_is_copied(folder: Path, home: Path, tmp_path: Path) -> None:
    copy, now = FolderPlace(tmp_path / "copy"), datetime.now(UTC)
    Copying(home, folder, copy).bring()
    (late,) = copy.folder.glob("*-incremental")
    shutil.rmtree(late)
    described, hours_ago = folder / late.name / "backup.json", (now - timedelta(hours=2)).timestamp()

    def told() -> tuple[bool, list[str]]:
        report = report_on(folder, is_streamed=False, copy=copy, home=home)
        assert report.copy is not None
        assert report.copy.behind is not None
        return report.copy.behind.sending, [fault for fault in report.faults if "s behind" in fault]

    # Its files may be written long before it is there to be copied.
    for path in described.parent.iterdir():
        os.utime(path, (hours_ago, hours_ago))
    described.touch()
    assert told() == (False, [])
    os.utime(described, (hours_ago, hours_ago))
    assert len(told()[1]) == 1

    name = f"{late.name}/base.tar.gz.age"
    note_sending(home, name, streamed_at=datetime.now(UTC), fault="")
    assert told() == (True, [])
    note_sending(home, name, streamed_at=now - timedelta(hours=1), fault="")  # whoever sent it is gone
    assert (told()[0], len(told()[1])) == (False, 1)
    note_pass(home, now, "It is full.")
    note_sending(home, name, streamed_at=datetime.now(UTC), fault="")  # and is tried again
    assert (told()[0], len(told()[1])) == (False, 1)
    noted = read_pass(home)
    assert noted is not None
    assert (noted.fault, noted.good_at) == ("It is full.", noted.whole_at)

    note_pass(home, now, "")
    note_sending(home, name, streamed_at=datetime.now(UTC), fault="")
    status = copy.folder / "wal" / "status.json"  # the stream is not copied
    status.write_text(json.dumps(json.loads(status.read_text()) | {"at": "2020-01-01T00:00:00+00:00"}))
    assert (told()[0], len(told()[1])) == (True, 1)


def test_a_restore_goes_on_where_a_connection_broke_and_takes_no_more_than_it_needs(
    backups: Backups, folder: Path, far: Storage, home: Path, new_home: Path
) -> None:
    # The last whole segment has all that was committed before that moment, as its name may say.
    last = sorted(path for path in folder.glob("wal/0*.age") if PARTIAL not in path.name)[-1]
    last.rename(last.with_name(name_whole(last.name[:24], backups.before) + ".age"))
    Copying(home, folder, place_of(far.options("broken"))).bring()

    broken: list[str] = []

    def is_first(request: Any) -> bool:
        is_broken = request.method == "GET" and request.path.count("/") > 2 and request.path not in broken
        broken.extend([request.path] if is_broken else [])
        return is_broken

    far.requests.clear()
    far.breaks = is_first
    try:
        call_command(
            "restore",
            *("--from", far.url("broken"), "--at", backups.before.isoformat()),
            *("--identity", str(backups.identity), "--to", str(new_home)),
        )
    finally:
        far.breaks = lambda request: False
    assert rows(new_home) == 60
    asked = [name for method, name, _ in far.requests if method == "GET" and "/wal/0" in name]
    assert [name for name in asked if PARTIAL in name] == []
    stored = stored_of(asked[-1].rpartition("/")[2])
    assert stored is not None
    assert (stored.segment, stored.at) == (last.name[:24], backups.before)
    assert len([path for path in broken if ".tar." in path]) == 6
