"""Start a step again that failed or is stuck."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.models.data_import import Import, ImportStatus
from exchange.running.stuck import is_stuck
from exchange.services.begin_step import begin_step
from exchange.services.lock_import import WrongStep, lock_import


def start_again(*, import_id: UUID) -> Import:
    """Queue the work again that stopped moving: its worker died and nobody took it over. Raises NotFound, WrongStep."""
    with transaction.atomic():
        data_import = lock_import(import_id, ImportStatus.CHECKING, ImportStatus.RUNNING, ImportStatus.UNDOING)
        if not is_stuck(data_import):
            raise WrongStep(_("It is being worked on."))
        begin_step(data_import, ImportStatus(data_import.status))
    return data_import
