"""A database of a release whose migrations are no more is left as it is."""

from django.core.management.base import CommandError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

# Of 0.1.0 alone: 0.2.0 begins with other files.
_OF_0_1 = ("orders", "0002_order_number_sequence")


def refuse_older_release(connection: BaseDatabaseWrapper) -> None:
    """Raise CommandError for a database of 0.1.0, before anything in it is changed: its tables have other names, and
    half a migration would serve neither release. Reads the names of the migrations done, locks nothing."""
    if _OF_0_1 in MigrationRecorder(connection).applied_migrations():
        raise CommandError(
            "This database was made by Kontor 0.1.0, which this version does not take over. Nothing was changed. "
            "Export what you need with 0.1.0, give Kontor a new database (DATABASE_URL, or another KONTOR_HOME) and "
            "import it there: docs/operations.md, From 0.1.0."
        )
