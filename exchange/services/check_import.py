"""The dry run: read the file, check every row, compare with the books, write nothing into them."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from exchange.batches import batches
from exchange.checking.column_mapping import LOOKED_AT, guesser_of
from exchange.checking.file_notes import notes_of_deleted, notes_of_file
from exchange.checking.record_matching import count_deleted, resolve_rows
from exchange.checking.row_validator import CleanRow, RowValidator
from exchange.models.data_import import Import, ImportStatus
from exchange.models.import_rows import ImportRow
from exchange.reading.open_table import open_table
from exchange.reading.table import Line, Table, Unreadable, check_rows
from exchange.resources.of_import import custom_fields_of_resource, resource_of
from exchange.running.claim import claim_import, save_own
from exchange.running.failing import failing_import
from exchange.running.long_transaction import long_transaction, tell_planner
from exchange.storage.stored_files import open_copy
from shared.database.purging import delete_in_batches
from shared.database.rows_as_json import rows_as_json
from shared.ids import new_id

_BATCH = 2_000
_READ_SHARE = 80  # per cent of the work; the rest is comparing
_KEEP = """
INSERT INTO exchange_import_row (id, data_import_id, number, key, values, links, tags, errors, needs, is_faulty)
SELECT id, %s, number, key, values, links, tags, errors, needs, false FROM json_to_recordset(%s::json) AS row (
    id uuid, number int, key text, values jsonb, links jsonb, tags text[], errors jsonb, needs jsonb
)
"""


def check_import(*, import_id: UUID) -> None:
    """Keep every row of the file, checked. Runs again from the start after a kill; a run taken over leaves nothing."""
    data_import = claim_import(import_id=import_id, status=ImportStatus.CHECKING)
    if data_import is None:
        return
    with failing_import(data_import):
        delete_in_batches(ImportRow.objects.filter(data_import=data_import), batch_size=10_000)
        total = _keep_rows(data_import)
        tell_planner(ImportRow)
        with long_transaction():
            tally = resolve_rows(data_import)
            notes = [*data_import.notes, *notes_of_deleted(count_deleted(data_import))]
            save_own(data_import, status=ImportStatus.CHECKED, progress=100, total=total, notes=notes, **tally)


def _keep_rows(data_import: Import) -> int:
    """Batches commit by themselves, so that the progress is seen. How many rows there are."""
    total = 0
    with open_copy(data_import.file_id) as copy:
        table = open_table(copy, encoding=data_import.encoding, delimiter=data_import.delimiter)
        above: list[Line] = []
        for batch in batches(_clean_rows(data_import, table, above), _BATCH):
            total += len(batch)
            with transaction.atomic():
                save_own(data_import, progress=int(table.fraction() * _READ_SHARE), total=total)
                _write_rows(data_import, batch)
        # Which rows are hidden is known only now.
        data_import.notes = notes_of_file(
            above=above, headers=data_import.headers, guesser=guesser_of(data_import), table=table
        )
    if not total:
        raise Unreadable(_("The file has headers only."))
    return total


def _clean_rows(data_import: Import, table: Table, above: list[Line]) -> Iterator[CleanRow]:
    """Rows below the headers; the first ones above them are put into `above`."""
    resource = resource_of(data_import)
    cleaner = RowValidator(
        resource,
        mapping=data_import.mapping,
        headers=data_import.headers,
        key=data_import.key,
        clears_empty=data_import.clears_empty,
        custom_fields=custom_fields_of_resource(resource),
    )
    for count, line in enumerate(line for line in table.rows() if line.cells):
        check_rows(count)
        if line.number > data_import.header_row:
            yield cleaner.clean(line.number, line.cells)
        elif line.number < data_import.header_row and len(above) < LOOKED_AT:
            above.append(line)


def _write_rows(data_import: Import, rows: Sequence[CleanRow]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [data_import.pk, rows_as_json([_as_staged(row) for row in rows])])


def _as_staged(row: CleanRow) -> dict[str, Any]:
    return {"id": new_id()} | {name: getattr(row, name) for name in CleanRow.__slots__}
