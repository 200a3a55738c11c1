"""Merged cells: they stand behind the rows in a part, and must be known before the rows are read."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from exchange.reading.table import MAX_COLUMNS, Row, Unreadable, is_empty
from exchange.reading.xlsx.cells import unknown_value
from exchange.reading.xlsx.references import place_of

_ROWS_END = re.compile(rb"</(?:\w+:)?sheetData\s*>|<(?:\w+:)?sheetData\s*/>")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^<>]{0,200}?ref\s*=\s*[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"
)
_OVERLAP = 512
_MOST = 200_000


class Merges:
    """Walks down the sheet with its reader. A value merged over several rows is each row's; over several columns it is
    the first one's, and what the others would be is unknown."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, int, int]] = []  # first row, last row, first and last column; last first
        self._open: list[tuple[int, int, int, str]] = []  # last row, first and last column, value

    def read(self, pieces: Iterable[bytes]) -> None:
        """The bytes of a sheet; its rows are passed over without being read."""
        kept, is_behind = b"", False
        for piece in pieces:
            kept += piece
            if not is_behind:
                end = _ROWS_END.search(kept) if b"sheetData" in kept else None
                is_behind = end is not None
                kept = kept[end.end() :] if end else kept[-_OVERLAP:]
            if is_behind:
                last = 0
                for match in _MERGED.finditer(kept):
                    self._add_merge(match)
                    last = match.end()
                kept = kept[max(last, len(kept) - _OVERLAP) :]
        self._waiting.sort(reverse=True)

    def _add_merge(self, match: re.Match[bytes]) -> None:
        first, last = place_of(match[1].decode()), place_of(match[3].decode())
        top, bottom = int(match[2]), int(match[4])
        if first <= last and top <= bottom and first < MAX_COLUMNS and (first, top) != (last, bottom):
            self._waiting.append((top, bottom, first, min(last, MAX_COLUMNS - 1)))
        if len(self._waiting) > _MOST:
            raise Unreadable(_("The sheet has too many merged cells. Unmerge them, or save it as CSV."))

    def fill(self, number: int, cells: Row) -> Row:
        """The row with what the cells merged with its own hold. Rows must come in their order, each once."""
        self._open = [one for one in self._open if one[0] >= number]
        while self._waiting and self._waiting[-1][0] <= number:
            top, bottom, first, last = self._waiting.pop()
            if bottom >= number:
                has_value = top == number and first < len(cells)
                self._open.append((bottom, first, last, cells[first] if has_value else ""))
        if len(self._open) > MAX_COLUMNS:  # merged cells never overlap
            raise Unreadable(_("The sheet has too many merged cells. Unmerge them, or save it as CSV."))
        for _bottom, first, last, value in self._open:
            cells.extend([""] * (last + 1 - len(cells)))
            if is_empty(cells[first]):
                cells[first] = value
            for place in range(first + 1, last + 1):
                if is_empty(cells[place]) and not is_empty(value):
                    cells[place] = unknown_value(_("The cell is merged with the one before it: unmerge them."))
        return cells
