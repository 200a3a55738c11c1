"""The first sheet of an XLSX workbook that is shown, read row by row."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exchange.reading.table import MAX_ROWS, Doubt, Line, Unreadable
from exchange.reading.xlsx.archive import Archive, damaged
from exchange.reading.xlsx.cells import CellReader
from exchange.reading.xlsx.merges import Merges
from exchange.reading.xlsx.references import letters_of
from exchange.reading.xlsx.sheet import Book, SheetReader
from exchange.reading.xlsx.styles import Styles
from exchange.reading.xlsx.texts import SharedTexts
from exchange.reading.xlsx.xml_stream import BadXml, XmlStream

MAGIC = b"PK\x03\x04"
# Apple's Numbers puts a sheet of its own before those of the document.
_SUMMARY = "Export Summary"
_NAMED = 20  # so many rows, columns or sheets are named in a note


class _Sheet(NamedTuple):
    name: str
    part: str
    is_hidden: bool


class XlsxTable:
    encoding = ""
    delimiter = ""

    def __init__(self, file: BinaryIO) -> None:
        self.doubts: list[Doubt] = []
        self._archive = Archive(file)
        try:
            self._open_sheet()
        except (BadXml, ValueError) as error:
            raise damaged(error) from error
        self._read = 0

    def _open_sheet(self) -> None:
        archive = self._archive
        book = next((part for _id, kind, part in archive.relations("") if kind == "officeDocument"), "xl/workbook.xml")
        if not archive.has(book):
            raise Unreadable(_("This archive is no XLSX workbook. Unpack it, and take the file that is in it."))
        relations = archive.relations(book)
        self._sheets, is_1904, is_computed = _contents_of_book(archive, book, relations)
        self._sheet = _sheet_to_read(self._sheets)
        texts, styles = SharedTexts(), Styles()
        for _id, kind, part in relations:
            if kind == "sharedStrings" and archive.has(part):
                texts = SharedTexts(archive.pieces(part))
            elif kind == "styles" and archive.has(part):
                styles.read(archive.pieces(part))
        merges = Merges()
        merges.read(archive.pieces(self._sheet.part))
        self._reader = SheetReader(Book(CellReader(styles, is_1904=is_1904), texts, is_computed), merges)

    def rows(self) -> Iterator[Line]:
        try:
            for line in self._reader.rows(self._archive.pieces(self._sheet.part)):
                self._read = line.number
                yield line
        except (BadXml, ValueError, OverflowError) as error:
            found = _("The workbook is damaged after row %(row)s: %(error)s")
            raise Unreadable(found % {"row": self._read, "error": str(error)[:200]}) from error

    def fraction(self) -> float:
        return min(1.0, self._read / MAX_ROWS)

    def notes(self) -> list[str]:
        notes = []
        others = [sheet.name for sheet in self._sheets if sheet is not self._sheet and not sheet.is_hidden]
        hidden = [sheet.name for sheet in self._sheets if sheet.is_hidden]
        if others:
            text = _("Only the sheet “%(sheet)s” is read. Not read: %(others)s.")
            notes.append(text % {"sheet": self._sheet.name, "others": _list_names(others)})
        if hidden:
            notes.append(_("Hidden sheets are not read: %(sheets)s.") % {"sheets": _list_names(hidden)})
        rows = self._reader.hidden_rows
        if rows:
            text = ngettext(
                "%(count)s hidden row is left out: %(rows)s.",
                "%(count)s hidden rows are left out: %(rows)s.",
                len(rows),
            )
            notes.append(text % {"count": len(rows), "rows": _list_names([str(row) for row in rows])})
        columns = sorted(self.hidden_columns())
        if columns:
            text = _("Hidden columns are left out unless you say what they mean: %(columns)s.")
            notes.append(text % {"columns": _list_names([letters_of(place) for place in columns])})
        return notes

    def hidden_columns(self) -> frozenset[int]:
        return frozenset(place for place in self._reader.hidden_columns if place < self._reader.width)


def _contents_of_book(
    archive: Archive, book: str, relations: list[tuple[str, str, str]]
) -> tuple[list[_Sheet], bool, bool]:
    """The sheets of a workbook in their order, whether it counts days from 1904, and whether its formulas were
    computed when it was saved."""
    parts = {name: (kind, part) for name, kind, part in relations}
    sheets: list[_Sheet] = []
    flags = {"is_1904": False, "is_computed": True}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            kind, part = parts.get(relation, ("", ""))
            if kind == "worksheet" and archive.has(part):  # and no chart
                is_hidden = attributes.get("state", "visible") != "visible"
                sheets.append(_Sheet(attributes.get("name", "")[:80], part, is_hidden))
        elif name == "workbookPr":
            flags["is_1904"] = attributes.get("date1904") in ("1", "true", "on")
        elif name == "calcPr":
            flags["is_computed"] = attributes.get("fullCalcOnLoad") not in ("1", "true", "on")

    XmlStream(start=start).read(archive.pieces(book))
    return sheets, flags["is_1904"], flags["is_computed"]


def _sheet_to_read(sheets: list[_Sheet]) -> _Sheet:
    shown = [sheet for sheet in sheets if not sheet.is_hidden]
    if not shown:
        raise Unreadable(_("The workbook has no sheet that is shown."))
    return next((sheet for sheet in shown if sheet.name != _SUMMARY), shown[0])


def _list_names(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
