"""Rows as a workbook, row by row: memory is needed for a thousand of them. Pure but for the disk.

openpyxl makes the workbook around them. Its way to write a cell takes ten times as long as what a cell needs, a text
or a number (docs/performance.md).
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import BytesIO
from typing import IO, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from exchange.batches import batches
from exchange.exporting.cell_texts import text_of
from shared.clock import shop_zone

MAX_XLSX_ROWS = 1_048_575  # what a sheet takes beside its headers
_BATCH = 1_000
_PIECE = 512 * 1024
_SHEET = "xl/worksheets/sheet1.xml"
_BEFORE_ROWS = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_AFTER_ROWS = b"</sheetData></worksheet>"
# Characters that a cell takes, and digits that a number of a spreadsheet keeps.
_MAX_TEXT = 32_767
_MAX_DIGITS = 15
# A workbook writes what XML cannot hold as _x000D_, and so the sign before what only looks like that.
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_LIKE_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def xlsx_pieces(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A workbook with one sheet, made on the disk."""
    with tempfile.TemporaryFile() as file:
        with ZipFile(file, "w", ZIP_DEFLATED) as book:
            _copy_empty_book(book)
            # A sheet of a million rows is more than 4 GB of XML when its texts are long.
            with book.open(_SHEET, "w", force_zip64=True) as sheet:
                _write_sheet(sheet, headers, rows)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _copy_empty_book(book: ZipFile) -> None:
    """All parts of a workbook with one sheet, but for the sheet."""
    made = BytesIO()
    empty = Workbook()
    empty.active.title = "Sheet"
    empty.save(made)
    with ZipFile(made) as parts:
        for name in parts.namelist():
            if name != _SHEET:
                book.writestr(name, parts.read(name))


def _write_sheet(sheet: IO[bytes], headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    zone = shop_zone()
    columns = [get_column_letter(place) for place in range(1, len(headers) + 1)]
    sheet.write(_BEFORE_ROWS)
    sheet.write(_row_xml(1, columns, headers, zone).encode())
    number = 1
    for batch in batches(rows, _BATCH):
        made = [_row_xml(place, columns, row, zone) for place, row in enumerate(batch, start=number + 1)]
        number += len(batch)
        sheet.write("".join(made).encode("utf-8", "replace"))
    sheet.write(_AFTER_ROWS)


def _row_xml(number: int, columns: Sequence[str], values: Sequence[Any], zone: ZoneInfo) -> str:
    cells = "".join(_cell_xml(f"{column}{number}", value, zone) for column, value in zip(columns, values, strict=True))
    return f'<row r="{number}">{cells}</row>'


def _cell_xml(place: str, value: Any, zone: ZoneInfo) -> str:
    """An empty cell is none."""
    if value is None or value == "":
        return ""
    if _is_number(value):
        return f'<c r="{place}"><v>{value}</v></c>'
    text = text_of(value, zone)[:_MAX_TEXT]
    text = escape(_NOT_IN_XML.sub(_escape_character, _LIKE_ESCAPED.sub("_x005F_", text)))
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _is_number(value: Any) -> bool:
    """Whether a spreadsheet keeps the number exactly."""
    if isinstance(value, Decimal):
        return value.is_finite() and len(value.as_tuple().digits) <= _MAX_DIGITS
    return isinstance(value, int | float) and not isinstance(value, bool)


def _escape_character(match: re.Match[str]) -> str:
    return f"_x{ord(match[0]):04X}_"
