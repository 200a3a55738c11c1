"""What stands between the cells of a CSV file: said in its first line, or seen in its first rows. Pure."""

import csv
import io
import re
from typing import NamedTuple

from exchange.reading.table import Row

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 50
# Excel's own way to say it; it hides the line.
_SAID = re.compile(r"\ufeff?\"?sep=(.|\\t)\"?[\t,;| ]*(\r\n|\r|\n|$)", re.IGNORECASE)


# Share of rows that are divided; minus the rows above the headers; cells a row; share of rows as wide as the headers.
Fit = tuple[float, float, float, float]
_NO_FIT: Fit = (0.0, 0.0, 0.0, 0.0)


class Dialect(NamedTuple):
    """`skipped`: characters before the first row."""

    delimiter: str
    skipped: int


def find_dialect(sample: str, delimiter: str = "") -> Dialect:
    """`delimiter` unset: the one that is said, or fits best."""
    said = _SAID.match(sample)
    if said is None:
        return Dialect(delimiter or guess_delimiter(sample), 0)
    sign = "\t" if said[1].lower() == "\\t" else said[1]
    if not delimiter and (sign.isalnum() or sign in "\"'"):
        sign = guess_delimiter(sample[said.end() :])
    return Dialect(delimiter or sign, said.end())


def guess_delimiter(sample: str) -> str:
    """The one that divides the headers and, in nearly every row, as much as the headers say; then the one that makes
    most columns. Rows may end with a delimiter that the headers lack, or leave out their last cells."""
    best = max(DELIMITERS, key=lambda delimiter: _fit_of(_sample_rows(sample, delimiter)))
    return best if _fit_of(_sample_rows(sample, best)) > _NO_FIT else ","


def _sample_rows(sample: str, delimiter: str) -> list[Row]:
    """The first rows; the last of them may be cut off."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) > _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return rows[:-1] if len(rows) > 2 else rows


def _fit_of(rows: list[Row]) -> Fit:
    widths = [_filled_width(row) for row in rows]
    if not widths or max(widths) < 2:
        return _NO_FIT
    # Above the headers may stand a title; they are the first row that is as wide as most.
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    header = next(place for place, width in enumerate(widths) if width >= usual)
    if widths[header] < 2:
        return _NO_FIT
    below = widths[header + 1 :] or [widths[header]]
    divided = sum(width > 1 for width in below) / len(below)
    cells = sum(min(width, widths[header]) for width in below) / len(below)
    alike = sum(width == widths[header] for width in below) / len(below)
    return (round(divided, 1) if divided < 0.9 else 1.0, -header, cells - 1, alike)


def _filled_width(row: Row) -> int:
    """Cells up to the last with something in it."""
    return max((place for place, cell in enumerate(row, start=1) if cell.strip()), default=0)
