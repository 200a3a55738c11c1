"""The first sheet of an XLSX workbook, read row by row."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from exchange.tables.table import MAX_ROWS, Row, Unreadable, without_empty_end

MAGIC = b"PK\x03\x04"
# What a workbook may unpack to: a sheet is read as a stream, all else (texts, styles) is kept in memory.
_MAX_UNPACKED_BYTES = 600 * 1024 * 1024
_MAX_PART_BYTES = 80 * 1024 * 1024
_MAX_PARTS = 2_000


class XlsxTable:
    encoding = ""
    delimiter = ""

    def __init__(self, file: BinaryIO) -> None:
        _check_archive(file)
        try:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            self._sheet = book.worksheets[0]
            self._expected = min(self._sheet.max_row or MAX_ROWS, MAX_ROWS)
            self._sheet.reset_dimensions()  # what a file says of its size may be a lie
        except Exception as error:
            raise Unreadable(_("The workbook is damaged: %(error)s") % {"error": _short(error)}) from error
        self._read = 0

    def rows(self) -> Iterator[Row]:
        rows = self._sheet.iter_rows(values_only=True)
        while True:
            try:  # the parser of a hostile file may raise anything
                row = next(rows, None)
            except Exception as error:
                found = _("The workbook is damaged after row %(row)s: %(error)s")
                raise Unreadable(found % {"row": self._read, "error": _short(error)}) from error
            if row is None:
                return
            self._read += 1
            yield without_empty_end([_text(value) for value in row])

    def fraction(self) -> float:
        return min(1.0, self._read / max(1, self._expected))


def _check_archive(file: BinaryIO) -> None:
    """Raises Unreadable for what is no workbook, or would unpack to more than we have memory for."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(_("The workbook is damaged: %(error)s") % {"error": _short(error)}) from error
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise Unreadable(_("This archive is no XLSX workbook."))
    kept = [part.file_size for part in parts if not part.filename.startswith("xl/worksheets/")]
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MAX_PARTS or unpacked > _MAX_UNPACKED_BYTES or max(kept) > _MAX_PART_BYTES:
        raise Unreadable(_("The workbook unpacks to more than can be read. Save the sheet as CSV."))
    file.seek(0)


def _text(value: Any) -> str:
    """A cell as CSV would have it; a number never with an exponent or a useless .0."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _short(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__
