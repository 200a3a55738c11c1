"""CSV in the encodings and with the delimiters that spreadsheets, shops and old programs write."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from exchange.reading.csv.dialect import find_dialect
from exchange.reading.csv.reader import CsvReader
from exchange.reading.encodings.guess import guess_encoding, sample_text
from exchange.reading.encodings.known import codec_of
from exchange.reading.file_formats import refuse_other_formats
from exchange.reading.table import Doubt, Line, Unreadable

_SAMPLE_BYTES = 64 * 1024


class CsvTable:
    """`encoding` and `delimiter` unset: found out from the file. `doubts`: other ways to read it, when unclear."""

    def __init__(self, file: BinaryIO, *, encoding: str = "", delimiter: str = "") -> None:
        refuse_other_formats(file)
        self.doubts: list[Doubt] = []
        if encoding:
            self.encoding = encoding
        else:
            self.encoding, self.doubts = guess_encoding(file)
        self.delimiter, self._skipped = find_dialect(sample_text(file, self.encoding, _SAMPLE_BYTES), delimiter)
        self._file = file
        self._size = file.seek(0, io.SEEK_END) or 1

    def rows(self) -> Iterator[Line]:
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, codec_of(self.encoding), newline="")
        reader = CsvReader(text, self.delimiter)
        try:
            if self._skipped:
                text.readline(self._skipped + 2)
            yield from reader
        except UnicodeError as error:
            found = _("Line %(line)s is not text in %(encoding)s: choose another encoding.")
            raise Unreadable(found % {"line": reader.line + 1, "encoding": self.encoding}) from error
        finally:
            if not self._file.closed:
                text.detach()

    def fraction(self) -> float:
        return min(1.0, self._file.tell() / self._size)

    def notes(self) -> list[str]:
        return []

    def hidden_columns(self) -> frozenset[int]:
        return frozenset()
