"""Read the file of an import once more, in another encoding or with other delimiters."""

from uuid import UUID

from django.db import transaction

from exchange.models.data_import import Import, ImportStatus
from exchange.services.lock_import import lock_import
from exchange.services.look_inside import look_inside


def read_again(*, import_id: UUID, encoding: str, delimiter: str, header_row: int | None = None) -> Import:
    """Read the first rows in another encoding, with another delimiter or with the headers in another row; what is
    unset is found out. Raises NotFound, WrongStep, Unreadable."""
    with transaction.atomic():
        data_import = lock_import(import_id, ImportStatus.UPLOADED, ImportStatus.CHECKED, ImportStatus.FAILED)
        look_inside(data_import, encoding=encoding, delimiter=delimiter, header_row=header_row)
        data_import.status = ImportStatus.UPLOADED
        data_import.save()
    return data_import
