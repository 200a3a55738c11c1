"""A second copy of the backups in another folder."""

import json
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from embedded_postgres.backup.sealing import sum_of
from embedded_postgres.copying.behind import behind
from embedded_postgres.copying.copying import Copying
from embedded_postgres.copying.folder import FolderPlace
from embedded_postgres.copying.note import read_pass
from embedded_postgres.copying.verifying import verify
from embedded_postgres.errors import EmbeddedPostgresError
from tests.embedded_postgres.copying.conftest import Backups, files, rows

pytestmark = pytest.mark.long
# What SIGKILL itself would leave: the process is gone after so many bytes were written to a file of that name.
KILLED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from embedded_postgres.copying.copying import Copying
from embedded_postgres.copying.folder import FolderPlace
copying = Copying(Path(sys.argv[1]), Path(sys.argv[2]), FolderPlace(Path(sys.argv[3])))
copying._bring_stream_now_and_then = lambda: os.kill(os.getpid(), signal.SIGKILL)
copying.bring()
"""
BRING = """
import sys
from pathlib import Path
from embedded_postgres.copying.copying import Copying
from embedded_postgres.copying.folder import FolderPlace
Copying(Path(sys.argv[1]), Path(sys.argv[2]), FolderPlace(Path(sys.argv[3]))).bring()
"""


def _run(script: str, *arguments: Path, before: Callable[[], None] | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=180,
        preexec_fn=before,
        check=False,
    )


def test_a_copy_in_a_folder_is_what_was_copied_and_is_restored_as_it_stands(
    backups: Backups, home: Path, new_home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "other disk" / "copy"
    Copying(home, backups.folder, FolderPlace(copy)).bring()

    assert files(copy) == files(backups.folder)
    assert copy.stat().st_mode & 0o777 == 0o700
    assert behind(FolderPlace(copy), backups.folder).seconds == 0

    call_command(
        "restore",
        *("--from", f"folder:{str(copy).replace(' ', '%20')}", "--at", backups.before.isoformat()),
        *("--identity", str(backups.identity), "--to", str(new_home)),
    )
    assert rows(new_home) == 60


def test_a_copy_that_is_killed_leaves_nothing_half_way_under_its_name(
    backups: Backups, home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    died = _run(KILLED_WHILE_WRITING, home, backups.folder, copy)
    assert died.returncode == -signal.SIGKILL, died.stderr
    there = files(copy)
    assert [name for name in there if name.startswith("2") and not Path(name).name.startswith(".")] == []
    assert [name for name in there if name.endswith(".copying")] != []

    Copying(home, backups.folder, FolderPlace(copy)).bring()
    assert files(copy) == files(backups.folder)


def test_a_disk_that_is_full_is_named_and_what_fits_later_is_copied(
    backups: Backups, home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"

    def no_file_over_one_megabyte() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    failed = _run(BRING, home, backups.folder, copy, before=no_file_over_one_megabyte)
    assert "The copy of the backups: [Errno 27] File too large" in failed.stderr
    noted = read_pass(home)
    assert noted is not None
    assert (noted.whole_at, "File too large" in noted.fault) == (None, True)
    assert [name for name in files(copy) if name.endswith(".copying")] == []

    Copying(home, backups.folder, FolderPlace(copy)).bring()
    noted = read_pass(home)
    assert noted is not None
    assert noted.whole_at is not None
    assert noted.fault == ""
    assert files(copy) == files(backups.folder)


def test_what_was_changed_here_is_not_copied_and_what_was_changed_there_is_not_replaced(
    backups: Backups, home: Path, tmp_path: Path
) -> None:
    folder, copy = Path(shutil.copytree(backups.folder, tmp_path / "store")), FolderPlace(tmp_path / "copy")
    base = next(folder.glob("*-full/base.tar.gz.age"))
    good = base.read_bytes()
    base.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    with pytest.raises(EmbeddedPostgresError, match=f"{base} was changed since it was written"):
        Copying(home, folder, copy).bring()
    others = set(files(folder)) - {base.relative_to(folder).as_posix()}
    assert set(files(copy.folder)) == others
    assert behind(copy, folder).files == 1

    base.write_bytes(good)
    Copying(home, folder, copy).bring()
    there = copy.folder / base.relative_to(folder)
    assert sum_of(there) == sum_of(base)
    there.write_bytes(b"torn")
    assert len(verify(copy, folder)) == 1
    described = next(copy.folder.glob("*-incremental/backup.json"))
    was = described.read_bytes()
    described.write_text("torn")
    assert [fault for fault in verify(copy, folder) if "backup.json was changed" in fault] != []
    described.write_bytes(was)
    with pytest.raises(EmbeddedPostgresError, match="is another one in"):
        Copying(home, folder, copy).bring()
    assert there.read_bytes() == b"torn"
    assert behind(copy, folder).others == [base.relative_to(folder).as_posix()]


def test_a_disk_that_is_away_is_not_written_to(backups: Backups, home: Path, tmp_path: Path) -> None:
    folder, copy = Path(shutil.copytree(backups.folder, tmp_path / "store")), tmp_path / "copy"
    copying = Copying(home, folder, FolderPlace(copy))
    copying.bring()
    copy.rename(tmp_path / "away")
    copy.mkdir()
    for each in (copying, Copying(home, folder, FolderPlace(copy))):
        with pytest.raises(EmbeddedPostgresError, match="is the disk"):
            each.bring()
    with pytest.raises(EmbeddedPostgresError, match="its disk is away"):
        behind(FolderPlace(copy), folder)
    with pytest.raises(EmbeddedPostgresError, match="is the disk"):  # between two looks
        FolderPlace(copy).put_bytes("wal/status.json", b"")
    assert list(copy.iterdir()) == []

    copy.rmdir()
    copy.write_text("no folder")
    with pytest.raises(EmbeddedPostgresError, match="Not a directory"):
        copying.bring()

    copy.unlink()
    (tmp_path / "away").rename(copy)
    copying.bring()
    folder.rename(tmp_path / "origin is away")
    folder.mkdir()
    with pytest.raises(EmbeddedPostgresError, match="there is nothing to copy, or its disk is away"):
        copying.bring()


def test_what_grows_is_replaced_and_goes_when_the_whole_of_it_is_there(
    backups: Backups, home: Path, tmp_path: Path
) -> None:
    folder, copy = Path(shutil.copytree(backups.folder, tmp_path / "store")), FolderPlace(tmp_path / "copy")
    copying = Copying(home, folder, copy)
    copying.bring()
    (partial,) = folder.glob("wal/*.partial*")
    partial.write_bytes(b"more")
    copying.bring()
    assert (copy.folder / "wal" / partial.name).read_bytes() == b"more"

    status = json.loads((folder / "wal" / "status.json").read_text())
    (folder / "wal" / "status.json").write_text(json.dumps(status | {"at": "2099-01-01T00:00:00+00:00"}))
    assert behind(copy, folder).seconds > 3600
    partial.rename(partial.with_name(partial.name.replace(".partial", "")))
    copying.bring()
    assert files(copy.folder) == files(folder)
    assert behind(copy, folder).seconds == 0
