"""Set an import to its next step and queue the job that does it."""

from exchange.languages import asked_in
from exchange.models.data_import import Import, ImportStatus
from shared.background.enqueue import enqueue

_JOBS = {
    ImportStatus.CHECKING: "exchange.check_import",
    ImportStatus.RUNNING: "exchange.apply_import",
    ImportStatus.UNDOING: "exchange.undo_import",
}


def begin_step(data_import: Import, status: ImportStatus) -> None:
    data_import.status = status
    data_import.progress, data_import.message, data_import.conflicts = 0, "", 0
    data_import.run_id = None
    data_import.save()
    enqueue(_JOBS[status], import_id=str(data_import.pk), language=asked_in())
