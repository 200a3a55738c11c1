"""`manage.py partitions`: the tables that grow for ever, by months."""

import argparse
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.processes.setup_lock import exclusive_setup
from orders.partitioning.convert import convert_tables
from orders.partitioning.ensure import ensure_months
from orders.partitioning.locked import PartitioningFailed
from orders.partitioning.status import describe_partitions
from shared.clock import database_now


class Command(BaseCommand):
    help = "Keep orders, their lines and their history in tables of months (docs/partitions.md says when that pays)."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("convert", help="Cut the tables into months, while orders come in. Goes on where it was.")
        actions.add_parser("ensure", help="Make the months ahead that are missing; the worker does so every day.")
        actions.add_parser("status", help="Each partition with its rows, and how far ahead there are months.")

    def handle(self, *, action: str, **options: Any) -> None:
        actions: dict[str, Callable[[], None]] = {
            "convert": self._convert,
            "ensure": self._ensure,
            "status": self._show_status,
        }
        try:
            actions[action]()
        except PartitioningFailed as error:
            raise CommandError(str(error)) from error

    def _convert(self) -> None:
        with exclusive_setup():
            convert_tables(self._say)
        self._show_status()

    def _ensure(self) -> None:
        with exclusive_setup():
            for made in ensure_months(database_now()) or ["Nothing is missing."]:
                self._say(made)

    def _show_status(self) -> None:
        for line in describe_partitions(database_now()):
            self._say(line)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
