"""manage.py backup"""

import os
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.environment.variables import env
from config.management.commands.backup_copy import bring_copy
from embedded_postgres.backup.repository import Repository
from embedded_postgres.backup.taking import Kind, take_backup
from embedded_postgres.errors import EmbeddedPostgresError
from shared.clock import database_now
from shared.database.operation_runs import record_run
from shared.models.operation_run import OperationKind

# Of KONTOR_HOME, beside the database: uploaded files, and what sessions and secrets are signed with.
BESIDE = ("media", "secret_key")
OF_A_SERVER = "DATABASE_URL names a server of its own: back it up with its own tools (docs/backups.md)."

_ON_ITS_WAY = (
    "Something is copied to BACKUP_COPY at this moment. Kontor's own copying brings this backup there, too, after that;"
    " manage.py backup_status says how far it is. Where Kontor does not run: manage.py backup_copy."
)


class Command(BaseCommand):
    help = "Back up the embedded database, uploaded files and the secret key. Orders are placed as ever meanwhile."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--full", action="store_const", const="full", dest="kind", help="all of it")
        kind.add_argument(
            "--incremental",
            action="store_const",
            const="incremental",
            dest="kind",
            help="what changed since the last one (the default, where there is one)",
        )
        parser.add_argument("--to", type=Path, default=env.backup_dir or None, help="a folder (BACKUP_DIR)")

    def handle(self, *args: object, kind: Kind | None, to: Path | None, **options: object) -> None:
        if env.database_url:
            raise CommandError(OF_A_SERVER)
        if to is None:
            raise CommandError("Say where to: --to FOLDER, or BACKUP_DIR.")
        try:
            began_at = database_now()
            made = take_backup(env.kontor_home, Path(to), kind=kind, recipient=env.backup_recipient, beside=BESIDE)
        except (EmbeddedPostgresError, OSError) as error:
            raise CommandError(str(error)) from error
        for fault in Repository(Path(to)).faults():
            self.stderr.write(f"Left out: {fault}")
        folder = Path(to) / made.name
        size = sum(path.stat().st_size for path in folder.iterdir())
        data = {"name": made.name, "size": size}
        with suppress(DatabaseError):  # the backup is there all the same
            record_run(OperationKind.BACKUP, began_at=began_at, has_succeeded=True, data=data)
        self.stdout.write(f"{folder}: {size / 1e6:,.1f} MB, verified.")
        if not env.backup_recipient:
            self.stdout.write("It is not encrypted: BACKUP_RECIPIENT names whom to encrypt it for (docs/backups.md).")
        self._copy(Path(to))

    def _copy(self, to: Path) -> None:
        """What is in BACKUP_DIR has a second copy; a backup elsewhere is one by itself."""
        if not env.backup_copy_options or os.path.realpath(to) != os.path.realpath(env.backup_dir):
            return
        try:
            self.stdout.write(bring_copy(wait=False) or _ON_ITS_WAY)
        except (EmbeddedPostgresError, OSError) as error:
            raise CommandError(f"The backup is there, its copy is not. {error}") from error
