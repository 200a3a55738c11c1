"""A second copy of the backups in storage that speaks S3."""

import json
import shutil
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from embedded_postgres.copying.behind import behind
from embedded_postgres.copying.copying import Copying
from embedded_postgres.copying.note import read_pass
from embedded_postgres.copying.place import Place, place_of
from embedded_postgres.copying.verifying import verify
from embedded_postgres.errors import EmbeddedPostgresError
from tests.embedded_postgres.copying.conftest import Backups, rows
from tests.shop.servers.processes import running, wait_for
from tests.shop.servers.storage import BUCKET, SECRET, Storage

pytestmark = pytest.mark.long
FOLLOWING = [sys.executable, "-m", "embedded_postgres.copying.following"]


@pytest.fixture
def prefix(request: pytest.FixtureRequest) -> str:
    return str(request.node.name)[:60].replace("[", "-").rstrip("]")


@pytest.fixture
def place(far: Storage, prefix: str) -> Place:
    return place_of(far.options(prefix))


def test_a_copy_in_storage_has_all_and_the_moment_before_a_mistake_is_restored_from_it(
    backups: Backups, far: Storage, place: Place, prefix: str, home: Path, new_home: Path
) -> None:
    with pytest.raises(EmbeddedPostgresError, match="nothing was copied there"):
        behind(place, backups.folder)
    assert Copying(home, backups.folder, place).bring() > 8
    assert Copying(home, backups.folder, place).bring() == 0

    found = behind(place, backups.folder)
    assert (found.files, found.size, found.seconds, found.others) == (0, 0, 0, [])
    assert verify(place, backups.folder) == []
    assert not [name for method, name, _ in far.requests if method == "DELETE" and name.startswith(prefix)]

    call_command(
        "restore",
        *("--from", far.url(prefix), "--at", backups.before.isoformat()),
        *("--identity", str(backups.identity), "--to", str(new_home)),
    )
    assert rows(new_home) == 60
    assert [path.name for path in new_home.parent.glob(f".{new_home.name}*")] == []


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_an_upload_that_is_broken_off_goes_on_where_it_was(
    backups: Backups, far: Storage, place: Place, prefix: str, home: Path, tmp_path: Path, end: signal.Signals
) -> None:
    def parts() -> list[str]:
        return [part for method, name, part in far.requests if method == "PUT" and "files.tar" in name and part]

    far.requests.clear()
    far.is_holding.clear()
    far.let_go.clear()
    variables = {"PYTHONPATH": str(settings.BASE_DIR), "KONTOR_BACKUP_COPY": json.dumps(far.options(prefix))}
    far.holds = lambda request: request.args.get("partNumber") == "3"
    command = [*FOLLOWING, str(home), str(backups.folder)]
    with running(command, tmp_path / "log", **variables) as process:
        assert far.is_holding.wait(180), (tmp_path / "log").read_text()
        process.send_signal(end)
        process.wait(60)
    noted = read_pass(home)
    assert noted is not None  # neither whole nor failed, and the stream did not wait
    assert (noted.whole_at, noted.fault, noted.sending.endswith("files.tar.gz.age")) == (None, "", True)
    assert (noted.streamed_at, "wal/status.json" in far.names(prefix)) == (noted.good_at, True)
    far.holds = lambda request: False
    far.let_go.set()
    assert parts() == ["1", "2", "3"]
    there = far.names(prefix)
    assert not [name for name in there if "files.tar" in name or name.endswith("backup.json")]

    far.requests.clear()
    with running(command, tmp_path / "log", **variables) as process:
        wait_for(lambda: behind(place, backups.folder).files == 0, f"it goes on: {tmp_path / 'log'}")
        process.terminate()
        assert process.wait(60) == 0
    assert parts() == ["3", "4"]
    assert (behind(place, backups.folder).files, verify(place, backups.folder)) == (0, [])
    assert far.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []) == []
    assert (tmp_path / "log").read_text() == ""


def test_what_is_wrong_in_the_copy_is_named_before_anything_is_restored(
    backups: Backups, far: Storage, place: Place, prefix: str, home: Path, new_home: Path, tmp_path: Path
) -> None:
    def refusal(identity: Path = backups.identity, at: datetime | None = None) -> str:
        arguments = ["--from", far.url(prefix), "--identity", str(identity), "--to", str(new_home)]
        with pytest.raises(CommandError) as error:
            call_command("restore", *arguments, *(["--at", at.isoformat()] if at else []))
        assert not new_home.exists()
        assert [path.name for path in new_home.parent.glob(f".{new_home.name}*")] == []
        assert SECRET not in str(error.value)
        return str(error.value)

    def change(name: str) -> bytes:
        key = f"{prefix}/{name}"
        was = far.client.get_object(Bucket=BUCKET, Key=key)
        content: bytes = was["Body"].read()
        middle = len(content) // 2
        changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        far.client.put_object(Bucket=BUCKET, Key=key, Body=changed, Metadata=was["Metadata"])
        return content

    assert "There is no backup in s3://copies/" in refusal()
    Copying(home, backups.folder, place).bring()
    other = tmp_path / "other.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()))
    far.requests.clear()
    assert "cannot be decrypted" in refusal(identity=other)
    assert not [name for method, name, _ in far.requests if method == "GET" and "base.tar" in name]

    base = next(name for name in far.names(prefix) if "-full/base.tar" in name)
    was = change(base)
    assert f"{base} was changed" in refusal()
    assert [f"{base} was changed" in fault for fault in verify(place, backups.folder)] == [True]
    far.client.delete_object(Bucket=BUCKET, Key=f"{prefix}/{base}")
    assert f"{base} is missing" in refusal()
    assert [f"{base} is missing" in fault for fault in verify(place, backups.folder)] == [True]
    far.client.put_object(Bucket=BUCKET, Key=f"{prefix}/{base}", Body=was)

    segment = [name for name in far.names(prefix) if name.startswith("wal/0") and "partial" not in name][-2]
    was = change(segment)
    assert f"{segment} was changed" in refusal()
    far.client.delete_object(Bucket=BUCKET, Key=f"{prefix}/{segment}")
    assert f"{segment[4:28]} is missing" in refusal(at=backups.before)

    # The copier mends what is missing, once it looks again.
    assert Copying(home, backups.folder, place).bring() == 1
    assert behind(place, backups.folder).files == 0


def test_a_copy_keeps_what_the_folder_lost_and_is_of_one_database(
    backups: Backups, far: Storage, place: Place, prefix: str, home: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(backups.folder, tmp_path / "store"))
    copying = Copying(home, folder, place)
    copying.bring()
    kept = far.names(prefix)
    shutil.rmtree(next(folder.glob("*-incremental")))
    next(folder.glob("wal/0*.age")).unlink()
    copying.bring()
    Copying(home, folder, place).bring()
    assert far.names(prefix) == kept

    line = json.loads((folder / "line.json").read_text())
    (folder / "line.json").write_text(json.dumps(line | {"mark": "0" * 32}))
    with pytest.raises(EmbeddedPostgresError, match="another database"):
        copying.bring()
    with pytest.raises(EmbeddedPostgresError, match="another database"):
        behind(place, folder)
    (folder / "line.json").write_text(json.dumps(line))
    copying.bring()

    far.client.delete_object(Bucket=BUCKET, Key=f"{prefix}/line.json")
    with pytest.raises(EmbeddedPostgresError, match=r"was used and has no line\.json any more"):
        copying.bring()
    (home / "run" / "backup_copies").unlink()
    with pytest.raises(EmbeddedPostgresError, match=r"has backups but no line\.json"):
        copying.bring()
    assert far.names(prefix) == [name for name in kept if name != "line.json"]


@pytest.mark.parametrize("fault", ["refuses", "is away", "has no such bucket"])
def test_storage_that_does_not_take_it_is_named_without_the_secret(
    backups: Backups, far: Storage, prefix: str, home: Path, capsys: Any, fault: str
) -> None:
    options = far.options(prefix)
    far.refuses = lambda request: fault == "refuses" and request.method == "PUT"
    if fault == "is away":
        options["endpoint_url"] = "http://127.0.0.1:9"
    elif fault == "has no such bucket":
        options["bucket_name"] = "none"
    try:
        with pytest.raises(EmbeddedPostgresError) as error:
            Copying(home, backups.folder, place_of(options)).bring()
    finally:
        far.refuses = lambda request: False

    words = {"refuses": "AccessDenied", "is away": "Could not connect", "has no such bucket": "NoSuchBucket"}
    assert words[fault] in str(error.value)
    assert f"s3://{options['bucket_name']}/{prefix}/" in str(error.value)
    said = capsys.readouterr()
    assert SECRET not in f"{error.value!r}{said.out}{said.err}{(home / 'run' / 'backup_copy.json').read_text()}"
