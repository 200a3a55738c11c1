"""The frame of every job that writes an import into the books, or takes it back."""

from collections.abc import Callable
from uuid import UUID

from exchange.models.data_import import Import, ImportStatus
from exchange.running.claim import claim_import
from exchange.running.failing import failing_import
from exchange.running.long_transaction import Progress, long_transaction


def work_alone(*, import_id: UUID, status: ImportStatus, work: Callable[[Import, Progress], None]) -> None:
    """Do `work` on the import of that status in one transaction, as the only one who writes imports; nothing when it
    has another status by now. What goes wrong becomes the import's message (failing_import)."""
    data_import = claim_import(import_id=import_id, status=status)
    if data_import is None:
        return
    with (
        failing_import(data_import),
        Progress(Import, pk=data_import.pk, run_id=data_import.run_id) as progress,
        long_transaction(is_alone=True),
    ):
        work(data_import, progress)
