"""A file of rows, whatever wrote it."""

from collections.abc import Iterator
from typing import ClassVar, NamedTuple, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared.errors import Refusal

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_COLUMNS = 300
MAX_ROWS = 500_000
# Characters of one cell: the most that a sheet of Excel, LibreOffice or Google holds is 32,767 to 65,535.
MAX_CELL_LENGTH = 65_535
# Characters of one row of a CSV file, with all that stands between its quotation marks.
MAX_ROW_LENGTH = 1024 * 1024
# What a workbook may unpack to, in bytes, and in characters of its cells: one text may stand in many of them.
MAX_UNPACKED_BYTES = 300 * 1024 * 1024

Row = list[str]


class Unreadable(Refusal):
    """The file is no table that we can read; the message says what to do."""

    code: ClassVar[str] = "unreadable_file"
    status: ClassVar[int] = 400
    title = gettext_lazy("The file cannot be read")


class SheetCell(str):
    """A cell of a workbook that is more than its text, which is what the sheet shows.

    `number`: the exact value where the cell is a number, with a point and without exponent. `day`: YYYY-MM-DD where it
    is a date. `fault`: why its value is unknown. `text_fault`: why what the sheet shows is unknown, so that it can be
    taken as a number or a date, but not as a text.
    """

    number: str
    day: str
    fault: str
    text_fault: str
    __slots__ = ("day", "fault", "number", "text_fault")

    def __new__(
        cls, shown: str, *, number: str = "", day: str = "", fault: str = "", text_fault: str = ""
    ) -> "SheetCell":
        cell = super().__new__(cls, shown)
        cell.number, cell.day, cell.fault, cell.text_fault = number, day, fault, text_fault
        return cell


class Line(NamedTuple):
    """`number`: of the row, as the program that wrote the file counts it, from 1."""

    number: int
    cells: Row


class Doubt(NamedTuple):
    """One of several ways to read a file, and the lines in which the ways differ."""

    encoding: str
    lines: list[str]


class Table(Protocol):
    """`encoding` and `delimiter` are empty for a workbook. `doubts`: when it is unclear which encoding is meant."""

    encoding: str
    delimiter: str
    doubts: list[Doubt]

    def rows(self) -> Iterator[Line]:
        """Rows in the order of the file; those without anything may be among them. Raises Unreadable where it cannot
        go on."""

    def fraction(self) -> float:
        """How much of the file has been read: 0 to 1."""

    def notes(self) -> list[str]:
        """What is left out or is not as it looks; complete when all rows were read."""

    def hidden_columns(self) -> frozenset[int]:
        """Places of the columns that the file does not show."""


def check_width(number: int, cells: Row) -> None:
    """Raises Unreadable for a row of more columns than can be read."""
    if len(cells) > MAX_COLUMNS:
        text = _("Row %(row)s has %(found)s columns; at most %(most)s can be read. Remove those that are not needed.")
        raise Unreadable(text % {"row": number, "found": f"{len(cells):,}", "most": MAX_COLUMNS})


def check_rows(count: int) -> None:
    """Raises Unreadable for more rows than can be read."""
    if count > MAX_ROWS:
        raise Unreadable(_("The file has more than %(limit)s rows. Split it.") % {"limit": f"{MAX_ROWS:,}"})


def cell_too_long(number: int) -> Unreadable:
    text = _("A cell of row %(row)s has more than %(most)s characters, the most that can be read.")
    return Unreadable(text % {"row": number, "most": f"{MAX_CELL_LENGTH:,}"})


def is_empty(cell: str) -> bool:
    """Whether nothing stands in the cell; what is unknown is not nothing."""
    return not cell.strip() and not (isinstance(cell, SheetCell) and cell.fault)


def without_empty_end(row: Row) -> Row:
    """The row up to its last cell with something in it."""
    end = len(row)
    while end and is_empty(row[end - 1]):
        end -= 1
    return row[:end]
