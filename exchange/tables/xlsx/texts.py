"""The texts of a workbook, which its cells name by their number."""

import re
from array import array
from collections.abc import Iterable

from exchange.tables.table import MAX_CELL_LENGTH
from exchange.tables.xlsx.xml_stream import XmlStream

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """Characters that XML cannot hold stand in a workbook as _x000D_."""
    if "_x" not in text:
        return text
    # Halves of a pair come one after the other; a lone half means nothing.
    found = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class SharedTexts:
    """One buffer and the place where each text ends: a million short texts cost what their letters do."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._ends = array("I")

    def read(self, pieces: Iterable[bytes]) -> None:
        """Raises BadXml. A text that is too long for a cell is kept as far as is needed to see that."""
        is_text = is_phonetic = False
        length = 0

        def start(name: str, _attributes: dict[str, str]) -> None:
            nonlocal is_text, is_phonetic, length
            if name == "si":
                length = 0
            elif name == "rPh":  # how a Japanese word is read, beside the word
                is_phonetic = True
            is_text = name == "t" and not is_phonetic

        def end(name: str) -> None:
            nonlocal is_text, is_phonetic
            is_text = False
            if name == "rPh":
                is_phonetic = False
            elif name == "si":
                self._ends.append(len(self._buffer))

        def text(piece: str) -> None:
            nonlocal length
            if is_text and length <= MAX_CELL_LENGTH:
                length += len(piece)
                self._buffer.extend(piece[: MAX_CELL_LENGTH + 1].encode("utf-8", "replace"))

        XmlStream(start=start, end=end, text=text).read(pieces)

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, place: int) -> str:
        begin = self._ends[place - 1] if place else 0
        return unescaped(self._buffer[begin : self._ends[place]].decode("utf-8", "replace"))
