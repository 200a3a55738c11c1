"""manage.py backup_status"""

import json
import os
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Final

from django.core.management.base import BaseCommand, CommandError

from config.environment.variables import env
from embedded_postgres.copying.place import Place, place_of
from embedded_postgres.copying.report import Copy, Report, report_on
from embedded_postgres.errors import EmbeddedPostgresError

_TEXT: Final = "%Y-%m-%dT%H:%M:%SZ"


class Command(BaseCommand):
    help = "What backups there are, whether they are whole, and up to when one can go. Exit code 1: something is wrong."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = env.backup_dir or None
        parser.add_argument("--from", type=Path, dest="folder", default=default, help="the folder (BACKUP_DIR)")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: object, folder: Path | None, json: bool, **options: object) -> None:
        if folder is None:
            raise CommandError("Say where they are: --from FOLDER, or BACKUP_DIR.")
        # What is in another folder has neither stream nor copy of its own.
        is_own = bool(env.backup_dir) and os.path.realpath(env.backup_dir) == os.path.realpath(folder)
        try:
            copy: Place | None = place_of(env.backup_copy_options) if is_own and env.backup_copy_options else None
        except EmbeddedPostgresError as error:
            raise CommandError(str(error)) from error
        is_streamed = is_own and not env.database_url
        report = report_on(Path(folder), is_streamed=is_streamed, copy=copy, home=env.kontor_home.resolve())
        if json:
            self._show_json(report)
        else:
            self._show(report)
        if report.faults:
            raise CommandError("\n".join(report.faults))

    def _show(self, report: Report) -> None:
        for backup in report.backups:
            self.stdout.write(f"{backup.ended_at:%Y-%m-%dT%H:%M:%SZ}  {backup.size / 1e6:10,.1f} MB  {backup.name}")
        if report.since and report.upto:
            self.stdout.write(f"One can go to {report.since:{_TEXT}}, and to any moment up to {report.upto:{_TEXT}}.")
        for begin, end in report.gaps:
            self.stdout.write(f"But not to what is between {begin:{_TEXT}} and {end:{_TEXT}}.")
        if report.copy:
            self.stdout.write(_copy_line(report.copy))

    def _show_json(self, report: Report) -> None:
        self.stdout.write(json.dumps(asdict(report), default=lambda moment: moment.isoformat()))


def _copy_line(copy: Copy) -> str:
    found = copy.behind
    if found is None:
        return f"The copy in {copy.place} could not be asked."
    what = f"lacks {found.files} files of {found.size / 1e6:,.1f} MB" if found.files else "has all files"
    what += ", which are on their way" if found.sending else ""
    upto = f", and is streamed up to {found.upto:{_TEXT}}" if found.upto else ""
    return f"The copy in {copy.place} {what}{upto}: {found.late_seconds:.0f} s behind."
