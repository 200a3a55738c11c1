"""The dry run: read the file, check every row, compare with the books, write nothing into them."""

import json
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from exchange.batches import batches
from exchange.cleaning import CleanRow, RowCleaner
from exchange.models.data_import import Import, ImportStatus
from exchange.models.import_rows import ImportRow
from exchange.queries import custom_fields_of_kind, kind_of
from exchange.services.claim import claim_import, save_own
from exchange.services.failing import failing_import
from exchange.services.long_work import long_transaction, tell_planner
from exchange.services.resolve_rows import resolve_rows
from exchange.services.stored_files import open_copy
from exchange.tables.open_table import open_table
from exchange.tables.table import MAX_ROWS, Table, Unreadable
from shared.ids import new_id
from shared.purging import delete_in_batches

_BATCH = 2_000
_READ_SHARE = 80  # per cent of the work; the rest is comparing
_COPY = """COPY exchange_import_row (id, data_import_id, number, key, values, links, tags, errors, needs, is_faulty)
           FROM STDIN"""


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
            save_own(data_import, status=ImportStatus.CHECKED, progress=100, total=total, **tally)


def _keep_rows(data_import: Import) -> int:
    """Batches commit by themselves, so that the progress is seen. How many rows there are."""
    total = 0
    with open_copy(data_import.file_id) as copy:
        table = open_table(copy, encoding=data_import.encoding, delimiter=data_import.delimiter)
        for batch in batches(_clean_rows(data_import, table), _BATCH):
            total += len(batch)
            with transaction.atomic():
                save_own(data_import, progress=int(table.fraction() * _READ_SHARE), total=total)
                _copy_rows(data_import, batch)
    if not total:
        raise Unreadable(_("The file has headers only."))
    return total


def _clean_rows(data_import: Import, table: Table) -> Iterator[CleanRow]:
    kind = kind_of(data_import)
    cleaner = RowCleaner(
        kind,
        mapping=data_import.mapping,
        headers=data_import.headers,
        key=data_import.key,
        clears_empty=data_import.clears_empty,
        custom_fields=custom_fields_of_kind(kind),
    )
    for number, cells in enumerate(table.rows(), start=1):
        if number > MAX_ROWS:
            raise Unreadable(_("The file has more than %(limit)s rows. Split it.") % {"limit": f"{MAX_ROWS:,}"})
        if number > 1 and cells:
            yield cleaner.clean(number, cells)


def _copy_rows(data_import: Import, rows: Sequence[CleanRow]) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            columns = (json.dumps(value) for value in (row.values, row.links))
            lists = (json.dumps(value) for value in (row.errors, row.needs))
            copy.write_row((new_id(), data_import.pk, row.number, row.key, *columns, row.tags, *lists, False))
