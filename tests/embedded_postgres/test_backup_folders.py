"""What may be written to a folder of backups, and when."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import pytest

from embedded_postgres.backup.repository import Backup, Repository
from embedded_postgres.backup.taking import take_backup
from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.throwaway import EmbeddedServer


def test_two_backups_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    def take(kind: Literal["full", "incremental"]) -> Backup | str:
        try:
            return take_backup(server.home, tmp_path / "folder", kind=kind, recipient="", beside=[])
        except EmbeddedPostgresError as error:
            return str(error)

    with EmbeddedServer() as server, ThreadPoolExecutor() as both:
        done = list(both.map(take, ("full", "full")))
        repository = Repository(tmp_path / "folder")
        assert [str(result) for result in done if isinstance(result, str)] == [
            "Another backup of this database is being made."
        ]
        (first,) = repository.backups()
        repository.check([first])
        (repository.path_of(first) / "backup.json").write_text("{torn")
        assert repository.faults() != []
        assert take("incremental") == f"There is no backup in {repository.folder} to go on from: begin with --full."
        full = take("full")
        assert isinstance(full, Backup)
        assert repository.chain_to(None) == [full]

        repository.folder.rename(tmp_path / "mounted elsewhere")
        assert "is the disk?" in str(take("full"))
        assert not repository.folder.exists()


def test_what_is_no_recipient_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match="BACKUP_RECIPIENT"):
        take_backup(tmp_path / "home", tmp_path / "folder", kind="full", recipient="age1none", beside=[])
    assert not (tmp_path / "folder").exists()
