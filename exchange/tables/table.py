"""A file of rows, whatever wrote it."""

from collections.abc import Iterator
from typing import ClassVar, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared.errors import Refusal

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_COLUMNS = 300
MAX_ROWS = 500_000

Row = list[str]


class Unreadable(Refusal):
    """The file is no table that we can read; the message says what to do."""

    code: ClassVar[str] = "unreadable_file"
    status: ClassVar[int] = 400
    title = gettext_lazy("The file cannot be read")


class Table(Protocol):
    """`encoding` and `delimiter` are empty for a workbook."""

    encoding: str
    delimiter: str

    def rows(self) -> Iterator[Row]:
        """Every row from the first on, empty ones too. Raises Unreadable where it cannot go on."""

    def fraction(self) -> float:
        """How much of the file has been read: 0 to 1."""


def check_headers(headers: Row) -> Row:
    """Raises Unreadable for a first row that cannot be headers."""
    if not any(headers):
        raise Unreadable(_("The first row is empty: it must hold the names of the columns."))
    if len(headers) > MAX_COLUMNS:
        text = _("The file has %(found)s columns; at most %(most)s can be read. Remove those that are not needed.")
        raise Unreadable(text % {"found": f"{len(headers):,}", "most": MAX_COLUMNS})
    return headers


def without_empty_end(row: Row) -> Row:
    """The row up to its last cell with something in it."""
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]
