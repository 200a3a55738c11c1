"""Exports that take longer than a page: a row that says how far it is, and a file at the end."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.languages import asked_in
from exchange.models.data_export import Export, ExportStatus
from exchange.services.long_work import Progress, long_transaction
from exchange.services.stored_files import store_file
from exchange.sheets import SHEETS, Sheet
from exchange.writing import MAX_XLSX_ROWS, file_pieces
from shared.actor import Actor
from shared.clock import database_now
from shared.enqueue import enqueue
from shared.errors import Refusal
from shared.ids import new_id
from users.models.user import User

KEEP_HOURS = 24
log = structlog.get_logger("kontor.exchange")


class TooManyRows(Refusal):
    code = "too_many_rows"
    status = 400
    title = gettext_lazy("Too many rows for this format")


def request_export(*, sheet: Sheet, query: str, file_format: str, actor: Actor) -> Export:
    """Queue the writing of a list; its rows are chosen when the job runs, with the asker's rights of then."""
    with transaction.atomic():
        export = Export.objects.create(
            sheet=sheet.name,
            query=query,
            file_format=file_format,
            created_by=User.objects.get(pk=str(actor.user_id)),
            expires_at=database_now() + timedelta(hours=KEEP_HOURS),
        )
        enqueue("exchange.write_export", export_id=str(export.pk), language=asked_in())
    return export


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
            _write(export, choose, progress)
    except Refusal as refusal:
        _fail(export, refusal.detail)
    except Exception as error:
        _fail(export, _("It stopped because of a fault of ours: %(fault)s.") % {"fault": type(error).__name__})
        raise


def _write(export: Export, choose: Callable[[Export], QuerySet], progress: Progress) -> None:
    sheet = SHEETS[export.sheet]
    listed = choose(export)
    with long_transaction():
        total = sheet.rows(listed).order_by().count()
    if export.file_format == "xlsx" and total > MAX_XLSX_ROWS:
        raise TooManyRows(
            _("A workbook takes %(limit)s rows. Export as CSV, or filter the list.") % {"limit": f"{MAX_XLSX_ROWS:,}"}
        )
    Export.objects.filter(pk=export.pk, run_id=export.run_id).update(total=total)
    with long_transaction():
        rows = _counted(sheet.values(listed), progress.show)
        pieces = file_pieces(export.file_format, [_(header) for header in sheet.headers()], rows)
        file = store_file(name=f"{sheet.name}.{export.file_format}", pieces=pieces)
        ours = Export.objects.filter(pk=export.pk, run_id=export.run_id)
        if not ours.update(status=ExportStatus.DONE, file=file, written=total, updated_at=database_now()):
            transaction.set_rollback(True)  # another run has taken over


def _counted(rows: Iterator[Any], show: Callable[[float], None]) -> Iterator[Any]:
    for number, row in enumerate(rows, start=1):
        if number % 1_000 == 0:
            show(number)
        yield row


def _fail(export: Export, message: str) -> None:
    log.warning("export_failed", export_id=str(export.pk), message=message)
    Export.objects.filter(pk=export.pk, run_id=export.run_id).update(status=ExportStatus.FAILED, message=message)
