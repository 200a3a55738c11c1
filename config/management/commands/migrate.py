"""manage.py migrate: in turns, with all the time that a statement takes, and patient with whoever is at work."""

import time
from typing import Any

from django.core.checks import Tags
from django.core.management.commands import migrate
from django.db import OperationalError, connections

from config.processes.migrating import Executor
from config.processes.older_release import refuse_older_release
from config.processes.setup_lock import exclusive_setup
from shared.database.backend.older_work import describe_open_work, say
from shared.database.conflicts import DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE, sqlstate

_PAUSE_SECONDS = 2.0
_TELLS_EVERY_SECONDS = 1.0


migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]  # the command has no other place for it


class Command(migrate.Command):
    requires_system_checks = (Tags.models, Tags.database)  # not what needs all pages

    def handle(self, *args: Any, **options: Any) -> None:
        """A migration that gets no lock within lock_timeout has changed nothing and is tried again: waiting in the
        statement would hold up everybody else who wants the table."""
        self._applied, self._told_at = 0, time.monotonic()
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

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        """Without Django's line for each (`prepare`), say now and then how far it is."""
        super().migration_progress_callback(action, migration, fake)
        now = time.monotonic()
        if action == "apply_success":
            self._applied += 1
            if not self.verbosity and now - self._told_at >= _TELLS_EVERY_SECONDS:
                self._told_at = now
                say(f"Database: {self._applied} migrations done.")

    def _say_who_is_in_the_way(self, database: str) -> None:
        names = describe_open_work(connections[database]) or "somebody"
        say(f"A table that is to be changed is in use by {names}: trying again until it is free.")
