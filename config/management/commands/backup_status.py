"""manage.py backup_status"""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.environment.variables import env
from embedded_postgres.backup.repository import Backup, Repository
from embedded_postgres.errors import EmbeddedPostgresError


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
        try:
            backups = repository.backups()
        except EmbeddedPostgresError as error:
            raise CommandError(str(error)) from error
        faults = [fault for backup in backups if (fault := self._show(repository, backup))]
        newest = max((path.stat().st_mtime for path in repository.wal.glob("*")), default=None)
        if newest is not None:
            upto = datetime.fromtimestamp(newest, UTC).isoformat(timespec="seconds")
            self.stdout.write(f"Streamed up to {upto}.")
        if not backups:
            faults.append(f"There is no backup in {folder}.")
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
