"""Rows as a file. Texts that a spreadsheet would run are escaped. Pure but for the disk."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from exchange.batches import batches
from exchange.exporting.cell_texts import text_of
from exchange.exporting.workbook import xlsx_pieces
from exchange.spreadsheets.formula_escaping import neutralize
from shared.clock import shop_zone

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BATCH = 1_000


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


def file_pieces(file_format: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    return (csv_pieces if file_format == "csv" else xlsx_pieces)(headers, rows)
