"""Who works on an import."""

from uuid import UUID

from exchange.models.data_import import Import, ImportStatus
from exchange.running.long_transaction import Superseded
from shared.clock import database_now
from shared.ids import new_id


def claim_import(*, import_id: UUID, status: ImportStatus) -> Import | None:
    """Make the import this run's; None when there is nothing to do (any more). Another run of the same job, taken for
    dead, finds out at its next step and stops."""
    run_id = new_id()
    waiting = Import.objects.filter(pk=import_id, status=status)
    if not waiting.update(run_id=run_id, progress=0, updated_at=database_now()):
        return None
    return Import.objects.get(pk=import_id)


def save_own(data_import: Import, **values: object) -> None:
    """Write to the claimed import. Raises Superseded when it is another run's by now."""
    ours = Import.objects.filter(pk=data_import.pk, run_id=data_import.run_id)
    if not ours.update(**values, updated_at=database_now()):
        raise Superseded


def fail_import(data_import: Import, *, message: str) -> None:
    """Say why nothing was written; it can be started again. An undo that failed leaves the import done."""
    was_undoing = data_import.status == ImportStatus.UNDOING
    status = ImportStatus.DONE if was_undoing else ImportStatus.FAILED
    Import.objects.filter(pk=data_import.pk, run_id=data_import.run_id).update(
        status=status, message=message, updated_at=database_now()
    )
