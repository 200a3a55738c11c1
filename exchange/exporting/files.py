"""Rows as a file. Texts that a spreadsheet would run are escaped. Pure but for the disk."""

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from exchange.batches import batches
from exchange.spreadsheets.formula_escaping import neutralize
from shared.clock import in_zone, shop_zone

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MAX_XLSX_ROWS = 1_048_575  # what a sheet takes beside its headers
_BATCH = 1_000
_PIECE = 512 * 1024
# A workbook writes what XML cannot hold as _x000D_, and so the sign before what only looks like that.
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_LIKE_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def text_of(value: Any, zone: ZoneInfo) -> str:
    """A value as a cell of CSV: numbers, days and yes or no as they are, times in the zone, texts made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return in_zone(value, zone).strftime("%Y-%m-%d %H:%M:%S")
    return str(value) if isinstance(value, int | float | date) else neutralize(_plain_text(value))


def _plain_text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)


def csv_pieces(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """UTF-8 with the mark by which Excel knows it."""
    yield b"\xef\xbb\xbf"
    yield _csv_bytes([[neutralize(header) for header in headers]])
    zone = shop_zone()
    for batch in batches(rows, _BATCH):
        yield _csv_bytes([[text_of(value, zone) for value in row] for row in batch])


def _csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def xlsx_pieces(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A workbook with one sheet, made on the disk."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    zone = shop_zone()
    sheet.append([_xlsx_value(header, zone) for header in headers])
    for row in rows:
        sheet.append([_xlsx_value(value, zone) for value in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        yield from _pieces_of(file)


def _xlsx_value(value: Any, zone: ZoneInfo) -> Any:
    is_exact = isinstance(value, Decimal) and len(value.as_tuple().digits) <= 15
    if (isinstance(value, int | float) and not isinstance(value, bool)) or is_exact:
        return value
    return _NOT_IN_XML.sub(_escape_character, _LIKE_ESCAPED.sub("_x005F_", text_of(value, zone)))


def _escape_character(match: re.Match[str]) -> str:
    return f"_x{ord(match[0]):04X}_"


def _pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def file_pieces(file_format: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    return (csv_pieces if file_format == "csv" else xlsx_pieces)(headers, rows)
