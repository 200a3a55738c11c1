"""The texts of a workbook, which its cells name by their number."""

import re
from array import array
from collections.abc import Iterable

from exchange.reading.table import MAX_CELL_LENGTH
from exchange.reading.xlsx.xml_stream import XmlStream

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """Characters that XML cannot hold stand in a workbook as _x000D_."""
    if "_x" not in text:
        return text
    # Halves of a pair come one after the other; a lone half means nothing.
    found = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class SharedTexts:
    """One buffer and the place where each text ends: a million short texts cost what their letters do. The part is read
    as far as somebody asks, so that a look at the first rows does not read it all."""

    def __init__(self, pieces: Iterable[bytes] = ()) -> None:
        self._pieces = iter(pieces)
        self._stream = XmlStream(start=self._start_element, end=self._end_element, text=self._take_text)
        self._buffer = bytearray()
        self._ends = array("I")
        self._is_text = self._is_phonetic = False
        self._length = 0

    def __getitem__(self, place: int) -> str:
        """Raises IndexError for a text that is not there, BadXml. A text that is too long for a cell comes as far as is
        needed to see that."""
        while place >= len(self._ends):
            piece = next(self._pieces, None)
            if piece is None:
                raise IndexError(place)
            self._stream.feed(piece)
        begin = self._ends[place - 1] if place else 0
        return unescaped(self._buffer[begin : self._ends[place]].decode("utf-8", "replace"))

    def _start_element(self, name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            self._length = 0
        elif name == "rPh":  # how a Japanese word is read, beside the word
            self._is_phonetic = True
        self._is_text = name == "t" and not self._is_phonetic

    def _end_element(self, name: str) -> None:
        self._is_text = False
        if name == "rPh":
            self._is_phonetic = False
        elif name == "si":
            self._ends.append(len(self._buffer))

    def _take_text(self, piece: str) -> None:
        if self._is_text and self._length <= MAX_CELL_LENGTH:
            self._length += len(piece)
            self._buffer.extend(piece[: MAX_CELL_LENGTH + 1].encode("utf-8", "replace"))
