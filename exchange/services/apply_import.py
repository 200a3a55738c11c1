from uuid import UUID

from django.utils.translation import gettext as _

from exchange.checking.record_matching import resolve_rows
from exchange.models.data_import import Import, ImportStatus
from exchange.models.import_rows import ImportChange
from exchange.resources.of_import import keys_of_resource, resource_of
from exchange.running.claim import save_own
from exchange.running.long_transaction import Progress, tell_planner
from exchange.running.work_alone import work_alone
from exchange.writing.records import lock_records, make_linked, note_changes, write_changes
from shared.clock import database_now


def apply_import(*, import_id: UUID) -> None:
    """Write what was checked into the books: all of it in one transaction, or nothing.

    Locks: the lock of those who import, then the records by primary key. Rows are compared with the books once more
    under these locks; when one has a fault by now that the dry run did not show, nothing is written and the import
    is back where it was checked. A killed worker's transaction is gone, and the job runs again from here.
    """
    work_alone(import_id=import_id, status=ImportStatus.RUNNING, work=_write_rows)


def _write_rows(data_import: Import, progress: Progress) -> None:
    resource = resource_of(data_import)
    match = next(key.match for key in keys_of_resource(resource) if key.name == data_import.key)
    lock_records(data_import, resource=resource, match=match)
    tally = resolve_rows(data_import, show=lambda share: progress.show(share * 50))
    if tally["faulty"] > data_import.faulty or (tally["faulty"] and not data_import.leaves_out_faulty):
        text = _("The books have changed since the file was checked. Look at the errors and start again.")
        save_own(data_import, status=ImportStatus.CHECKED, message=text, **tally)
        return
    make_linked(data_import, resource=resource)
    progress.show(60)
    created, changed = note_changes(data_import, resource=resource)
    tell_planner(ImportChange)
    progress.show(75)
    write_changes(data_import, resource=resource)
    save_own(
        data_import,
        status=ImportStatus.DONE,
        progress=100,
        creates=created,
        updates=changed,
        unchanged=tally["creates"] + tally["updates"] - created - changed,
        faulty=tally["faulty"],
        finished_at=database_now(),
    )
