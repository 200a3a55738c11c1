"""manage.py restore"""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.environment.variables import env
from embedded_postgres.backup.repository import Repository
from embedded_postgres.backup.restoring import restore
from embedded_postgres.errors import EmbeddedPostgresError
from shared.text.times import moment_argument


class Command(BaseCommand):
    help = "Restore a backup into a home of its own, as it was at its end or at any moment after it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = env.backup_dir or None
        parser.add_argument("--from", type=Path, dest="folder", default=default, help="the folder (BACKUP_DIR)")
        parser.add_argument(
            "--at", type=moment_argument, help="RFC 3339: 2026-12-31T23:59:00Z; unset: the last that is there"
        )
        parser.add_argument("--identity", type=Path, help="the file of the age secret key, of an encrypted backup")
        parser.add_argument("--to", type=Path, required=True, help="the new KONTOR_HOME: a new folder, or an empty one")

    def handle(
        self,
        *args: object,
        folder: Path | None,
        at: datetime | None,
        identity: Path | None,
        to: Path,
        **options: object,
    ) -> None:
        if folder is None:
            raise CommandError("Say where from: --from FOLDER, or BACKUP_DIR.")
        try:
            for fault in Repository(Path(folder)).faults():
                self.stderr.write(f"Left out: {fault}")
            done = restore(Path(folder).resolve(), to.resolve(), at=at, identity=identity)
        except (EmbeddedPostgresError, OSError) as error:
            raise CommandError(str(error)) from error
        last = f"up to what was committed at {done.upto.isoformat()}" if done.upto else "as it was at the backup's end"
        self.stdout.write(
            f"Restored {done.backup.name} to {done.home}, {last}.\n"
            f"Look whether the books are right, bring payments taken since then into them, then open the shop on it:\n"
            f"  KONTOR_HOME={done.home} .venv/bin/python manage.py audit\n"
            f"  KONTOR_HOME={done.home} .venv/bin/python manage.py reconcile\n"
            f"  KONTOR_HOME={done.home} make run"
        )
