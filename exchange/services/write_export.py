"""Write the file of an export: a row says how far it is."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.exporting.files import file_pieces
from exchange.exporting.resources import EXPORT_RESOURCES
from exchange.exporting.workbook import MAX_XLSX_ROWS
from exchange.models.data_export import Export, ExportStatus
from exchange.running.long_transaction import Progress, long_transaction
from exchange.storage.stored_files import store_file
from shared.clock import database_now
from shared.errors import Refusal
from shared.ids import new_id

log = structlog.get_logger("kontor.exchange")


class TooManyRows(Refusal):
    code = "too_many_rows"
    status = 400
    title = gettext_lazy("Too many rows for this format")


def write_export(*, export_id: UUID, choose: Callable[[Export], QuerySet]) -> None:
    """Write the file in one transaction, from one snapshot. `choose` makes the rows of the list, and raises a Refusal
    when the asker may not see them (any more). Runs again from the start after a kill; nothing of the first try is
    left."""
    run_id = new_id()
    waiting = Export.objects.filter(pk=export_id, status__in=[ExportStatus.WAITING, ExportStatus.RUNNING])
    if not waiting.update(run_id=run_id, status=ExportStatus.RUNNING, written=0, updated_at=database_now()):
        return
    export = Export.objects.select_related("created_by").get(pk=export_id)
    try:
        with Progress(Export, pk=export.pk, run_id=run_id, column="written") as progress:
            _write_file(export, choose, progress)
    except Refusal as refusal:
        _mark_failed(export, refusal.detail)
    except Exception as error:
        _mark_failed(export, _("It stopped because of a fault of ours: %(fault)s.") % {"fault": type(error).__name__})
        raise


def _write_file(export: Export, choose: Callable[[Export], QuerySet], progress: Progress) -> None:
    resource = EXPORT_RESOURCES[export.kind]
    listed = choose(export)
    with long_transaction():
        total = resource.rows(listed).order_by().count()
    if export.file_format == "xlsx" and total > MAX_XLSX_ROWS:
        raise TooManyRows(
            _("A workbook takes %(limit)s rows. Export as CSV, or filter the list.") % {"limit": f"{MAX_XLSX_ROWS:,}"}
        )
    Export.objects.filter(pk=export.pk, run_id=export.run_id).update(total=total)
    with long_transaction():
        rows = _count_progress(resource.values(listed), progress.show)
        pieces = file_pieces(export.file_format, resource.headers(), rows)
        file = store_file(name=f"{resource.name}.{export.file_format}", pieces=pieces)
        ours = Export.objects.filter(pk=export.pk, run_id=export.run_id)
        if not ours.update(status=ExportStatus.DONE, file=file, written=total, updated_at=database_now()):
            transaction.set_rollback(True)  # another run has taken over


def _count_progress(rows: Iterator[Any], show: Callable[[float], None]) -> Iterator[Any]:
    for number, row in enumerate(rows, start=1):
        if number % 1_000 == 0:
            show(number)
        yield row


def _mark_failed(export: Export, message: str) -> None:
    log.warning("export_failed", export_id=str(export.pk), message=message)
    Export.objects.filter(pk=export.pk, run_id=export.run_id).update(status=ExportStatus.FAILED, message=message)
