"""manage.py migrate, with turns taken and no limit on how long a statement may run."""

from typing import Any

from django.core.management.commands import migrate

from config.setup_lock import exclusive_setup


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with exclusive_setup(options["database"]):
            super().handle(*args, **options)
