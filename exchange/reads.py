"""Reads of imports and exports."""

from collections.abc import Iterator

from django.db.models import QuerySet

from exchange.checking.row_validator import Fault
from exchange.models.data_export import Export
from exchange.models.data_import import Import
from exchange.models.import_rows import ImportChange, ImportRow
from users.models.user import User


def faulty_rows(data_import: Import) -> QuerySet[ImportRow]:
    """Rows with errors in the order of the file."""
    return ImportRow.objects.filter(data_import=data_import, is_faulty=True).order_by("number")


def faults_of(row: ImportRow) -> list[Fault]:
    """All that is wrong with the row. What only a new record needs counts where the row would make one."""
    return [*row.errors, *(row.needs if row.object_id is None else []), *row.faults]


def each_fault(data_import: Import, limit: int | None = None) -> Iterator[tuple[int, Fault]]:
    """(row of the file, fault), up to `limit` rows; all of them without holding them."""
    rows = faulty_rows(data_import)
    for row in rows[:limit] if limit is not None else rows.iterator(chunk_size=1_000):
        for fault in faults_of(row):
            yield row.number, fault


def conflicts_of(data_import: Import) -> QuerySet[ImportChange]:
    """What the last undo could not undo."""
    return ImportChange.objects.filter(data_import=data_import).exclude(conflict="").order_by("number", "id")


def imports_of(user: User) -> QuerySet[Import]:
    """Their own; files hold people's data, so nobody else's but for superusers."""
    imports = Import.objects.select_related("created_by")
    return imports if user.is_superuser else imports.filter(created_by=user)


def exports_of(user: User) -> QuerySet[Export]:
    """Only their own: nobody fetches a list through somebody else's rights."""
    return Export.objects.select_related("file").filter(created_by=user)
