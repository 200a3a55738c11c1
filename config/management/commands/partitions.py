"""`manage.py partitions`: the tables that grow for ever, by months."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.environment.variables import env
from config.processes.setup_lock import exclusive_setup
from embedded_postgres.backup.sealing import check_recipient, read_identities
from embedded_postgres.errors import EmbeddedPostgresError
from orders.archiving.archive import archive_month
from orders.archiving.describe import describe_archives
from orders.archiving.detach import detach_month
from orders.archiving.restore import restore_month
from orders.partitioning.convert import convert_tables
from orders.partitioning.ensure import ensure_months
from orders.partitioning.locked import PartitioningFailed
from orders.partitioning.months import Month
from orders.partitioning.status import describe_partitions
from shared.clock import database_now


class Command(BaseCommand):
    help = "Keep orders, their lines and their history by months, and old months in files (docs/partitions.md)."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("convert", help="Cut the tables into months, while orders come in. Goes on where it was.")
        actions.add_parser("ensure", help="Make the months ahead that are missing; the worker does so every day.")
        actions.add_parser("status", help="Each partition with its rows, and how far ahead there are months.")
        detach = actions.add_parser("detach", help="Say which orders of a month would leave the tables of the shop.")
        detach.add_argument("--yes", action="store_true", help="Let them leave, into tables of their own.")
        archive = actions.add_parser("archive", help="Write a detached month to files, and drop its tables.")
        archive.add_argument("--to", type=Path, required=True, help="The folder in which the month gets its own.")
        archive.add_argument("--keep", action="store_true", help="Keep the tables.")
        restore = actions.add_parser("restore", help="Bring a month back: from its tables, or else from its files.")
        restore.add_argument("--from", type=Path, dest="source", help="The folder that `archive` was given.")
        restore.add_argument("--identity", type=Path, help="The file with the secret key, where it is encrypted.")
        for action in (detach, archive, restore):
            action.add_argument("month", type=_month, help="YYYY-MM, by the ids of its orders (UTC).")

    def handle(self, *, action: str, **options: Any) -> None:
        try:
            getattr(self, f"_{action}")(**options)
        except (PartitioningFailed, EmbeddedPostgresError) as error:
            raise CommandError(str(error)) from error

    def _convert(self, **_: Any) -> None:
        with exclusive_setup():
            convert_tables(self._say)
        self._status()

    def _ensure(self, **_: Any) -> None:
        with exclusive_setup():
            for made in ensure_months(database_now()) or ["Nothing is missing."]:
                self._say(made)

    def _status(self, **_: Any) -> None:
        for line in (*describe_partitions(database_now()), *describe_archives()):
            self._say(line)

    def _detach(self, *, month: Month, yes: bool, **_: Any) -> None:
        with exclusive_setup():
            detach_month(month, now=database_now(), really=yes, progress=self._say)

    def _archive(self, *, month: Month, to: Path, keep: bool, **_: Any) -> None:
        recipient = env.backup_recipient
        check_recipient(recipient)
        with exclusive_setup():
            archive_month(month, to, recipient=recipient, keep=keep, progress=self._say)

    def _restore(self, *, month: Month, source: Path | None, identity: Path | None, **_: Any) -> None:
        identities = read_identities(identity) if identity else []
        with exclusive_setup():
            restore_month(month, source, identities=identities, progress=self._say)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
