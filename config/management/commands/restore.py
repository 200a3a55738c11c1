"""manage.py restore"""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from config.environment.backup_copy import copy_options
from config.environment.variables import env
from embedded_postgres.backup.repository import Repository
from embedded_postgres.backup.restoring import check_target, restore
from embedded_postgres.copying.fetching import fetched
from embedded_postgres.copying.place import place_of
from embedded_postgres.errors import EmbeddedPostgresError
from shared.text.times import moment_argument


class Command(BaseCommand):
    help = "Restore a backup into a home of its own, as it was at its end or at any moment after it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = env.backup_dir or None
        parser.add_argument(
            "--from", dest="source", default=default, help="the folder (BACKUP_DIR), or a copy: folder:… or s3://…"
        )
        parser.add_argument(
            "--at", type=moment_argument, help="RFC 3339: 2026-12-31T23:59:00Z; unset: the last that is there"
        )
        parser.add_argument("--identity", type=Path, help="the file of the age secret key, of an encrypted backup")
        parser.add_argument("--to", type=Path, required=True, help="the new KONTOR_HOME: a new folder, or an empty one")

    def handle(
        self,
        *args: object,
        source: str | None,
        at: datetime | None,
        identity: Path | None,
        to: Path,
        **options: object,
    ) -> None:
        if source is None:
            raise CommandError("Say where from: --from FOLDER, or BACKUP_DIR.")
        try:
            with _folder_of(source, to.resolve(), at=at, identity=identity) as folder:
                for fault in Repository(folder).faults():
                    self.stderr.write(f"Left out: {fault}")
                done = restore(folder, to.resolve(), at=at, identity=identity)
        except (EmbeddedPostgresError, OSError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        last = f"up to what was committed at {done.upto.isoformat()}" if done.upto else "as it was at the backup's end"
        self.stdout.write(
            f"Restored {done.backup.name} to {done.home}, {last}.\n"
            f"Look whether the books are right, bring payments taken since then into them, then open the shop on it:\n"
            f"  KONTOR_HOME={done.home} .venv/bin/python manage.py audit\n"
            f"  KONTOR_HOME={done.home} .venv/bin/python manage.py reconcile\n"
            f"  KONTOR_HOME={done.home} make run"
        )


@contextmanager
def _folder_of(source: str, home: Path, *, at: datetime | None, identity: Path | None) -> Iterator[Path]:
    """A folder as it stands; of a bucket what is needed, for as long as the block."""
    if not source.startswith(("s3:", "folder:")):
        yield Path(source).resolve()
        return
    options = copy_options(source, variable="--from")
    if "folder" in options:
        yield Path(options["folder"]).resolve()
        return
    check_target(home)
    with fetched(place_of(options), home, at=at, identity=identity) as folder:
        yield folder
