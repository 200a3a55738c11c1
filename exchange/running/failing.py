from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import DatabaseError, IntegrityError
from django.utils.translation import gettext as _

from exchange.models.data_import import Import
from exchange.running.claim import fail_import
from exchange.running.long_transaction import Superseded
from shared.database.conflicts import connection_was_lost, constraint_name
from shared.errors import Refusal

log = structlog.get_logger("kontor.exchange")


@contextmanager
def failing_import(data_import: Import) -> Iterator[None]:
    """A refusal or a fault becomes the import's message. What is nobody's fault but ours, or the database's, is raised
    on, so that the job fails, too; a lost connection leaves the import for the job's next try."""
    try:
        yield
    except Superseded:
        log.warning("import_superseded", import_id=str(data_import.pk))
    except Refusal as refusal:
        fail_import(data_import, message=refusal.detail)
    except IntegrityError as error:
        log.exception("import_failed", import_id=str(data_import.pk))
        name = constraint_name(error)
        fail_import(
            data_import, message=_("The database refused a row (rule %(rule)s). Check the file again.") % {"rule": name}
        )
    except Exception as error:
        if not (isinstance(error, DatabaseError) and connection_was_lost(error)):
            fail_import(
                data_import,
                message=_("It stopped because of a fault of ours: %(fault)s.") % {"fault": type(error).__name__},
            )
        raise
