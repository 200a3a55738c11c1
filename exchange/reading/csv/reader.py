"""Rows of CSV with bounds: neither a missing line end nor a missing quotation mark makes the memory grow. Pure."""

import csv
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from exchange.reading.table import MAX_CELL_LENGTH, MAX_ROW_LENGTH, Line, Unreadable, check_width, without_empty_end

# The limit is the process's: an import and an export never need another.
csv.field_size_limit(MAX_CELL_LENGTH)


class CsvReader:
    """Numbers of rows are those that a spreadsheet shows: a cell with line breaks does not count twice."""

    def __init__(self, text: IO[str], delimiter: str) -> None:
        self._text = text
        self._length = 0
        # strict: a quotation mark that is never closed swallows the rest of the file otherwise.
        self._reader = csv.reader(self._bounded_lines(), delimiter=delimiter, strict=True)

    def __iter__(self) -> Iterator[Line]:
        """Raises Unreadable, UnicodeDecodeError."""
        number = 0
        while True:
            self._length = 0
            try:
                row = next(self._reader, None)
            except csv.Error as error:
                raise self._unreadable_because(error) from error
            if row is None:
                return
            number += 1
            cells = without_empty_end(row)
            check_width(number, cells)
            yield Line(number, cells)

    @property
    def line(self) -> int:
        """Of the file, from 1: how many have been read."""
        return self._reader.line_num

    def _bounded_lines(self) -> Iterator[str]:
        while line := self._text.readline(MAX_ROW_LENGTH + 1):
            self._length += len(line)
            if self._length > MAX_ROW_LENGTH:
                text = _(
                    "The row in line %(line)s has more than %(most)s characters, the most that can be read. %(hint)s"
                )
                words = {"line": self.line + 1, "most": f"{MAX_ROW_LENGTH:,}", "hint": _quote_missing()}
                raise Unreadable(text % words)
            yield line

    def _unreadable_because(self, error: csv.Error) -> Unreadable:
        why = str(error)
        if "field limit" in why:
            text = _("A cell in line %(line)s has more than %(most)s characters, the most that can be read. %(hint)s")
            return Unreadable(text % {"line": self.line, "most": f"{MAX_CELL_LENGTH:,}", "hint": _quote_missing()})
        if "unexpected end" in why:
            return Unreadable(
                _("The file ends within a cell in quotation marks. %(hint)s") % {"hint": _quote_missing()}
            )
        text = _("Line %(line)s cannot be read as CSV (%(error)s). %(hint)s")
        return Unreadable(text % {"line": self.line, "error": why, "hint": _quote_missing()})


def _quote_missing() -> str:
    return _("Is a closing quotation mark missing?")
