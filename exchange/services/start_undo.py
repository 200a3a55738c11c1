"""Start to take an import back."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.models.data_import import Import, ImportStatus
from exchange.running.retention import KEEP_DAYS
from exchange.services.begin_step import begin_step
from exchange.services.lock_import import WrongStep, lock_import


def start_undo(*, import_id: UUID, skips_conflicts: bool) -> Import:
    """Take a whole import back, in a job. Raises NotFound or WrongStep."""
    with transaction.atomic():
        data_import = lock_import(import_id, ImportStatus.DONE)
        if data_import.file_id is None:
            raise WrongStep(_("The way back was kept for %(days)s days only.") % {"days": KEEP_DAYS})
        data_import.skips_conflicts = skips_conflicts
        begin_step(data_import, ImportStatus.UNDOING)
    return data_import
