"""CSV in the encodings and with the delimiters that spreadsheets write."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from exchange.tables.table import Row, Unreadable, without_empty_end

ENCODINGS = ("utf-8-sig", "utf-16", "windows-1252", "windows-1251")
DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_BYTES = 64 * 1024
_SAMPLE_ROWS = 20
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_OTHER_FORMATS = {
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "XLS (Excel 97-2003)",
    b"\x89PNG": "PNG",
    b"\x1f\x8b": "gzip",
    b"\xff\xd8\xff": "JPEG",
}


class CsvTable:
    """`encoding` and `delimiter` unset: found out from the file."""

    def __init__(self, file: BinaryIO, *, encoding: str = "", delimiter: str = "") -> None:
        sample = file.read(_SAMPLE_BYTES)
        _refuse_other_formats(sample)
        self.encoding = encoding or _guess_encoding(file, sample)
        self.delimiter = delimiter or _guess_delimiter(sample.decode(self.encoding, errors="replace"))
        self._file = file
        self._size = file.seek(0, io.SEEK_END) or 1
        self._lines = 0

    def rows(self) -> Iterator[Row]:
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, self.encoding, newline="")
        reader = csv.reader(text, delimiter=self.delimiter)
        try:
            for row in reader:
                yield without_empty_end(row)
        except UnicodeDecodeError as error:
            found = _("Line %(line)s is not text in %(encoding)s: choose another encoding.")
            raise Unreadable(found % {"line": reader.line_num + 1, "encoding": self.encoding}) from error
        except csv.Error as error:
            text_ = _("Line %(line)s cannot be read as CSV (%(error)s). Is a closing quotation mark missing?")
            raise Unreadable(text_ % {"line": reader.line_num, "error": error}) from error
        finally:
            if not self._file.closed:
                text.detach()

    def fraction(self) -> float:
        return min(1.0, self._file.tell() / self._size)


def _refuse_other_formats(sample: bytes) -> None:
    for magic, name in _OTHER_FORMATS.items():
        if sample.startswith(magic):
            raise Unreadable(_("This is a file of the format %(format)s. Save it as CSV or XLSX.") % {"format": name})
    if not sample.strip():
        raise Unreadable(_("The file is empty."))


def _guess_encoding(file: BinaryIO, sample: bytes) -> str:
    for bom, encoding in _BOMS.items():
        if sample.startswith(bom):
            return encoding
    if sample.count(b"\0") > len(sample) // 10:
        raise Unreadable(_("The file is not text. If it is UTF-16, save it as UTF-8."))
    if _is_utf8(file):
        return "utf-8-sig"
    # Cyrillic words are runs of bytes above 127; in Western words such letters stand alone.
    high = [byte > 127 for byte in sample]
    in_runs = sum(one and (before or after) for before, one, after in zip(high, high[1:], high[2:], strict=False))
    return "windows-1251" if in_runs * 2 > sum(high) else "windows-1252"


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while piece := file.read(1024 * 1024):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _guess_delimiter(sample: str) -> str:
    """The one that makes most columns of the first row, as many in nearly every other row."""

    def columns(delimiter: str) -> int:
        lines = io.StringIO(sample.removeprefix("\ufeff"), newline="")
        try:
            rows = [row for row, _ in zip(csv.reader(lines, delimiter=delimiter), range(_SAMPLE_ROWS), strict=False)]
        except csv.Error:
            return 0
        width = len(rows[0]) if rows else 0
        alike = sum(len(row) == width for row in rows)
        return width if alike * 5 >= len(rows) * 3 else 0

    best = max(DELIMITERS, key=columns)
    return best if columns(best) > 1 else ","
