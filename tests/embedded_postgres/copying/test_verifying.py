"""Reading a copy back, and what it may not make a restore do."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from embedded_postgres.backup.repository import Repository
from embedded_postgres.copying.copying import Copying
from embedded_postgres.copying.folder import FolderPlace
from embedded_postgres.copying.place import place_of
from embedded_postgres.copying.verifying import verify
from embedded_postgres.errors import EmbeddedPostgresError
from tests.embedded_postgres.copying.conftest import Backups
from tests.shop.servers.storage import BUCKET, Storage

pytestmark = pytest.mark.long


@pytest.fixture
def folder(backups: Backups, tmp_path: Path) -> Path:
    return Path(shutil.copytree(backups.folder, tmp_path / "store"))


@pytest.fixture
def copy(folder: Path, home: Path, tmp_path: Path) -> FolderPlace:
    made = FolderPlace(tmp_path / "copy")
    Copying(home, folder, made).bring()
    assert verify(made, folder) == []
    return made


def test_an_empty_place_or_anothers_is_not_verified(folder: Path, copy: FolderPlace, tmp_path: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match="its disk is away"):
        verify(FolderPlace(tmp_path / "nothing"), folder)
    copy.folder.rename(tmp_path / "away")
    copy.folder.mkdir()
    with pytest.raises(EmbeddedPostgresError, match="its disk is away"):
        verify(copy, folder)
    (copy.folder / "line.json").write_text(json.dumps({"system": "1", "timeline": "00000001", "mark": "0"}))
    with pytest.raises(EmbeddedPostgresError, match="another database"):
        verify(copy, folder)
    shutil.copy(folder / "line.json", copy.folder)
    assert f"There is no backup in {copy.folder}." in verify(copy, folder)


def test_what_the_folder_has_and_the_copy_has_not_or_other_is_named(folder: Path, copy: FolderPlace) -> None:
    full, incremental = (next(copy.folder.glob(f"*-{kind}")) for kind in ("full", "incremental"))
    shutil.rmtree(full)
    (incremental / "backup.json").write_text("{}")
    segments = sorted(path for path in copy.folder.glob("wal/0*.age") if "partial" not in path.name)
    segments[0].unlink()
    segments[1].write_bytes(b"other")

    faults = verify(copy, folder)
    missing = [f"{full.name}/{name}" for name in sorted(path.name for path in (folder / full.name).iterdir())]
    assert sorted(faults) == sorted(
        [
            *(f"{name} is missing in {copy.folder}." for name in (*missing, f"wal/{segments[0].name}")),
            *(f"{incremental.name}/backup.json was changed in {copy.folder}.",),
            *(f"wal/{segments[1].name} was changed in {copy.folder}.",),
        ]
    )

    # What only the copy has is read by what describes it there.
    shutil.rmtree(folder / incremental.name)
    assert any("backup.json cannot be read" in fault for fault in verify(copy, folder))


OF_A_NAME: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another folder's": lambda found: found | {"name": "../elsewhere"},
    "of the machine": lambda found: found | {"name": "/etc/cron.d"},
    "a file elsewhere": lambda found: found | {"sums": found["sums"] | {"../../elsewhere": "0" * 64}},
    "a file of another name": lambda found: found | {"sums": found["sums"] | {"postgresql.conf": "0" * 64}},
    "goes on elsewhere": lambda found: found | {"parent": "../elsewhere"},
    "a segment elsewhere": lambda found: found | {"last_wal": "../elsewhere"},
    "no file": lambda found: found | {"sums": {}},
    "no text": lambda found: found | {"ended_at": 5},
    "no description": lambda found: {"name": found["name"]},
}


@pytest.mark.parametrize("kind", OF_A_NAME)
def test_names_that_kontor_gives_none_are_refused(folder: Path, kind: str) -> None:
    described = next(folder.glob("*-incremental/backup.json"))
    described.write_text(json.dumps(OF_A_NAME[kind](json.loads(described.read_text()))))

    assert [fault for fault in Repository(folder).faults() if f"{described} cannot be read" in fault] != []
    assert len(Repository(folder).backups()) == 1


def test_a_bucket_names_no_path_that_is_written_to(
    backups: Backups, far: Storage, home: Path, new_home: Path, tmp_path: Path
) -> None:
    def refusal() -> str:
        with pytest.raises(CommandError) as error:
            call_command(
                "restore",
                *("--from", far.url("named"), "--identity", str(backups.identity), "--to", str(new_home)),
            )
        assert not new_home.exists()
        assert [path.name for path in new_home.parent.glob(f".{new_home.name}*")] == []
        return str(error.value)

    def put(name: str, text: bytes) -> None:
        far.client.put_object(Bucket=BUCKET, Key=f"named/{name}", Body=text)

    Copying(home, backups.folder, place_of(far.options("named"))).bring()
    described = next(backups.folder.glob("*-full/backup.json"))
    name = described.relative_to(backups.folder).as_posix()
    elsewhere = f"kontor-elsewhere-{tmp_path.name}"
    found = json.loads(described.read_text())
    changed = found | {"sums": found["sums"] | {f"../../{elsewhere}": "0" * 64}}
    put(f"{described.parent.name}/../../{elsewhere}", b"written")
    assert "which is none of Kontor's" in refusal()
    far.client.delete_object(Bucket=BUCKET, Key=f"named/{described.parent.name}/../../{elsewhere}")

    far.requests.clear()
    put(name, json.dumps(changed).encode())
    said = refusal()
    assert f"{name} cannot be read: it has a file '../../{elsewhere}'" in said
    assert "remove it from there first" in said
    assert not [each for method, each, _ in far.requests if method == "GET" and ".tar" in each]
    assert not Path(f"/tmp/{elsewhere}").exists()
