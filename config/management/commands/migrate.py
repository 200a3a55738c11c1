"""manage.py migrate: in turns, with all the time that a statement takes, and patient with whoever is at work."""

import time
from contextlib import nullcontext
from typing import Any

from django.core.checks import Tags
from django.core.management.commands import migrate
from django.db import OperationalError, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from config.processes.older_release import refuse_older_release
from config.processes.setup_lock import exclusive_setup
from shared.database.backend.older_work import describe_open_work, say
from shared.database.conflicts import DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE, sqlstate

_PAUSE_SECONDS = 2.0


class _Executor(MigrationExecutor):
    def apply_migration(self, state: Any, migration: Any, *args: Any, **options: Any) -> Any:
        """A migration and that it is done commit together. Django notes it afterwards where foreign keys or indexes
        were put off to the end: cut off in between, it fails ever after on what is there already."""
        with transaction.atomic(self.connection.alias) if migration.atomic else nullcontext():
            return super().apply_migration(state, migration, *args, **options)


migrate.MigrationExecutor = _Executor  # type: ignore[attr-defined]  # the command has no other place for it


class Command(migrate.Command):
    requires_system_checks = (Tags.models, Tags.database)  # not what needs all pages

    def handle(self, *args: Any, **options: Any) -> None:
        """A migration that gets no lock within lock_timeout has changed nothing and is tried again: waiting in the
        statement would hold up everybody else who wants the table."""
        with exclusive_setup(options["database"]):
            refuse_older_release(connections[options["database"]])
            while True:
                try:
                    super().handle(*args, **options)
                    return
                except OperationalError as error:
                    if sqlstate(error) not in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED):
                        raise
                    self._say_who_is_in_the_way(options["database"])
                    time.sleep(_PAUSE_SECONDS)

    def _say_who_is_in_the_way(self, database: str) -> None:
        names = describe_open_work(connections[database]) or "somebody"
        say(f"A table that is to be changed is in use by {names}: trying again until it is free.")
