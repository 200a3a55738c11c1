"""manage.py backup_copy"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Final

from django.core.management.base import BaseCommand, CommandError

from config.environment.variables import env
from embedded_postgres.copying.copying import Copying
from embedded_postgres.copying.place import place_of
from embedded_postgres.copying.verifying import verify
from embedded_postgres.errors import EmbeddedPostgresError

_PATIENCE_SECONDS: Final = 5.0  # of what is streamed there is always a little on its way


class Command(BaseCommand):
    help = "Bring what is new in BACKUP_DIR to its second copy, BACKUP_COPY, as Kontor does while it runs."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--verify", action="store_true", help="read all of it back and compare; copies nothing")

    def handle(self, *args: object, verify: bool, **options: object) -> None:
        if not env.backup_copy_options:
            raise CommandError("BACKUP_COPY says where to (docs/backups.md).")
        try:
            self.stdout.write(verify_copy() if verify else self._bring())
        except (EmbeddedPostgresError, OSError) as error:
            raise CommandError(str(error)) from error

    def _bring(self) -> str:
        if (done := bring_copy(wait=False)) is None:
            self.stdout.write("Something is copied there at this moment: waiting for its end.")
            self.stdout.flush()
            done = bring_copy(wait=True)
        return done or ""


def bring_copy(*, wait: bool) -> str | None:
    """What was done, in words; None: another process copies, and that may take it hours. Raises EmbeddedPostgresError,
    OSError."""
    place = place_of(env.backup_copy_options)
    copying = Copying(env.kontor_home.resolve(), Path(env.backup_dir), place)
    count = copying.bring() if wait else copying.bring_if_free(_PATIENCE_SECONDS)
    return None if count is None else f"{place.shown} has all of it: {count} files were new."


def verify_copy() -> str:
    """Raises EmbeddedPostgresError naming what is missing or was changed."""
    place = place_of(env.backup_copy_options)
    if faults := verify(place, Path(env.backup_dir)):
        raise EmbeddedPostgresError("\n".join(faults))
    return f"The backups in {place.shown} are what was made, and what was streamed is what {env.backup_dir} has."
