"""The rows of one sheet, read as a stream."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from exchange.reading.table import (
    MAX_CELL_LENGTH,
    MAX_COLUMNS,
    MAX_UNPACKED_BYTES,
    Line,
    Row,
    SheetCell,
    Unreadable,
    cell_too_long,
    check_width,
    without_empty_end,
)
from exchange.reading.xlsx.cells import CellReader, unknown_value
from exchange.reading.xlsx.merges import Merges
from exchange.reading.xlsx.references import column_of
from exchange.reading.xlsx.texts import SharedTexts, unescaped
from exchange.reading.xlsx.xml_stream import BadXml, XmlStream

_LAST_COLUMN = 16_384
# Those that only have a colour count, too: what is read takes its time, whatever is in it.
MAX_CELLS = 10_000_000


class Book(NamedTuple):
    """What the cells of every sheet need. `is_computed`: whether the results of formulas were stored by a program that
    computes them; others store a 0 and ask whoever opens the file to compute."""

    cells: CellReader
    texts: SharedTexts
    is_computed: bool


class SheetReader:
    """`hidden_rows` and `hidden_columns` grow while rows are read; columns stand before the rows."""

    def __init__(self, book: Book, merges: Merges) -> None:
        self._book = book
        self._merges = merges
        self._lines: deque[Line] = deque()
        self.hidden_rows: list[int] = []
        self.hidden_columns: set[int] = set()
        self.width = 0
        self._characters = self._count = 0
        self._number = 0
        self._column = -1
        self._cells: Row = []
        self._is_hidden = False
        self._has_value = self._is_formula = self._is_text = self._is_phonetic = False
        self._begin_cell({})

    def rows(self, pieces: Iterable[bytes]) -> Iterator[Line]:
        """Raises Unreadable, BadXml."""
        stream = XmlStream(start=self._start_element, end=self._end_element, text=self._take_text)
        for piece in pieces:
            stream.feed(piece)
            while self._lines:
                yield self._lines.popleft()
        stream.feed(b"", is_last=True)
        yield from self._lines

    def _start_element(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "t"):
            self._has_value = self._has_value or name == "v"
            self._is_text = not self._is_phonetic
        elif name == "f":
            self._is_formula = True
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "row":
            self._begin_row(attributes)
        elif name == "col" and not self._number:
            self._take_column(attributes)

    def _end_element(self, name: str) -> None:
        if name in ("v", "t"):
            self._is_text = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self._is_phonetic = False

    def _take_text(self, piece: str) -> None:
        if self._is_text:
            self._length += len(piece)
            if self._length > MAX_CELL_LENGTH:
                raise cell_too_long(self._number)
            self._pieces.append(piece)

    def _take_column(self, attributes: dict[str, str]) -> None:
        if _is_on(attributes.get("hidden")) or attributes.get("width") == "0":
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 0))
            self.hidden_columns |= set(range(first - 1, min(last, MAX_COLUMNS)))

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r") or self._number + 1)
        if number <= self._number:
            raise BadXml(f"row {number} comes after row {self._number}")
        self._number, self._column, self._cells = number, -1, []
        self._is_hidden = _is_on(attributes.get("hidden")) or attributes.get("ht") == "0"

    def _end_row(self) -> None:
        own = without_empty_end(self._cells)
        is_blank = not own
        cells = without_empty_end(self._merges.fill(self._number, own))
        if is_blank:
            self._lines.append(Line(self._number, []))
            return
        check_width(self._number, cells)
        self.width = max(self.width, len(cells))
        if self._is_hidden:
            self.hidden_rows.append(self._number)
        else:
            self._lines.append(Line(self._number, cells))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MAX_CELLS:
            text = _("The sheet has more than %(most)s cells, empty ones too. Save it as CSV, or delete empty columns.")
            raise Unreadable(text % {"most": f"{MAX_CELLS:,}"})
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s")
        reference = attributes.get("r")
        self._column = column_of(reference) if reference else self._column + 1
        if not 0 <= self._column < _LAST_COLUMN:
            raise BadXml(f"row {self._number} has a cell outside of the sheet")
        self._pieces: list[str] = []
        self._length = 0
        self._has_value = self._is_formula = self._is_text = self._is_phonetic = False

    def _end_cell(self) -> None:
        text = "".join(self._pieces)
        if not (text or self._is_formula or self._kind == "e"):
            return
        cell = self._cell_of_text(text)
        self._characters += len(cell)
        if self._characters > MAX_UNPACKED_BYTES:
            found = _(
                "The workbook unpacks to more than %(most)s MB, the most that can be read. Save the sheet as CSV."
            )
            raise Unreadable(found % {"most": MAX_UNPACKED_BYTES // 2**20})
        self._cells.extend([""] * (self._column + 1 - len(self._cells)))
        self._cells[self._column] = cell

    def _cell_of_text(self, text: str) -> str:
        if self._kind == "e":
            return unknown_value(_("The cell shows an error: %(error)s.") % {"error": text[:40]}, text)
        is_stale = not self._book.is_computed and text == "0" and self._kind == "n"
        if self._is_formula and (not self._has_value or is_stale or (not text and self._kind != "str")):
            why = _(
                "The result of the formula is not in the file. Open it in a spreadsheet program, and save it there."
            )
            return unknown_value(why)
        return self._KINDS.get(self._kind, SheetReader._number_cell)(self, text)

    def _number_cell(self, text: str) -> str:
        return self._book.cells.number(text.strip(), self._style)

    def _shared_cell(self, text: str) -> str:
        try:
            shared = self._book.texts[max(0, int(text))]
        except IndexError as error:
            raise BadXml(f"row {self._number} names text {text[:20]}, which is not there") from error
        if len(shared) > MAX_CELL_LENGTH:
            raise cell_too_long(self._number)
        return _text_cell(shared)

    _KINDS: dict[str, Callable[["SheetReader", str], str]] = {
        "s": _shared_cell,
        "str": lambda self, text: _text_cell(unescaped(text)),
        "inlineStr": lambda self, text: _text_cell(unescaped(text)),
        "b": lambda self, text: "TRUE" if text.strip() in ("1", "true") else "FALSE",
        "d": lambda self, text: self._book.cells.day(text.strip()),
    }


def _text_cell(text: str) -> str:
    """What looks like a formula and is a text in a workbook is one: a sheet knows the two apart."""
    return SheetCell(text) if text.startswith("=") else text


def _is_on(flag: str | None) -> bool:
    return flag in ("1", "true", "on")
