"""manage.py backup_status"""

import os
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.core.management.base import BaseCommand, CommandError

from config.environment.variables import env
from embedded_postgres.backup.repository import Backup, Repository
from embedded_postgres.backup.streamed import read_status
from embedded_postgres.errors import EmbeddedPostgresError

SILENCE: Final = timedelta(minutes=1)  # the stream gives a sign of life several times as often


class Command(BaseCommand):
    help = "What backups there are, whether they are whole, and up to when one can go. Exit code 1: something is wrong."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = env.backup_dir or None
        parser.add_argument("--from", type=Path, dest="folder", default=default, help="the folder (BACKUP_DIR)")

    def handle(self, *args: object, folder: Path | None, **options: object) -> None:
        if folder is None:
            raise CommandError("Say where they are: --from FOLDER, or BACKUP_DIR.")
        repository = Repository(Path(folder))
        backups, faults = repository.backups(), repository.faults()
        faults += [fault for backup in backups if (fault := self._show(repository, backup))]
        if backups:
            faults += self._show_reach(repository, backups)
        else:
            faults.append(f"There is no backup in {folder}.")
        if env.backup_dir and not env.database_url and os.path.realpath(env.backup_dir) == os.path.realpath(folder):
            faults += _silence_of_the_stream(repository)
        if faults:
            raise CommandError("\n".join(faults))

    def _show(self, repository: Repository, backup: Backup) -> str:
        """A line for it; what is wrong with it, if anything is."""
        size = sum(path.stat().st_size for path in repository.path_of(backup).iterdir())
        self.stdout.write(f"{backup.ended_at[:19]}Z  {size / 1e6:10,.1f} MB  {backup.name}")
        try:
            repository.check([backup])
            repository.chain_to(backup.ended)
        except EmbeddedPostgresError as error:
            return str(error)
        return ""

    def _show_reach(self, repository: Repository, backups: list[Backup]) -> list[str]:
        """Since when and up to when one can go, and between which moments not; a gap that no backup has mended."""
        rows = [repository.row_after(backup) for backup in backups]
        self.stdout.write(
            f"One can go to {backups[0].ended_at[:19]}Z, and to any moment up to {rows[-1].upto:{_TEXT}}."
        )
        for row, later in zip(rows, backups[1:], strict=False):
            if row.upto < later.ended and later.last_wal not in row.segments:
                self.stdout.write(f"But not to what is between {row.upto:{_TEXT}} and {later.ended:{_TEXT}}.")
        missing = rows[-1].missing
        return [f"The segment {missing} is missing in {repository.wal}: make a backup."] if missing else []


_TEXT: Final = "%Y-%m-%dT%H:%M:%SZ"


def _silence_of_the_stream(repository: Repository) -> list[str]:
    """BACKUP_DIR is streamed to while Kontor runs."""
    status = read_status(repository.wal)
    if status is None:
        return [f"Nothing was streamed to {repository.wal}: is Kontor running?"]
    if datetime.now(UTC) - status.at > SILENCE:
        return [f"The stream is silent since {status.at.isoformat(timespec='seconds')}: is Kontor running?"]
    return []
