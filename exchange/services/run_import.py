"""Start to write a checked import into the books."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.models.data_import import Import, ImportStatus
from exchange.services.begin_step import begin_step
from exchange.services.lock_import import lock_import
from shared.errors import InvalidInput


def run_import(*, import_id: UUID, leaves_out_faulty: bool) -> Import:
    """Write what was checked into the books, in a job. Raises NotFound, WrongStep, InvalidInput when rows have errors
    and are not to be left out, or when nothing would be left."""
    with transaction.atomic():
        data_import = lock_import(import_id, ImportStatus.CHECKED, ImportStatus.FAILED)
        if data_import.faulty and not leaves_out_faulty:
            text = _("Rows with errors: correct the file, or choose to leave them out.")
            raise InvalidInput(("/leaves_out_faulty", "faulty_rows", text))
        if data_import.total == data_import.faulty:
            raise InvalidInput(("/", "nothing_left", _("No row is without errors: there is nothing to import.")))
        data_import.leaves_out_faulty = leaves_out_faulty
        begin_step(data_import, ImportStatus.RUNNING)
    return data_import
