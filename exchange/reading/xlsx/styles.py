"""How the cells of a workbook show their numbers; nothing else of its styles is read, so nothing else can be wrong."""

from collections.abc import Iterable

from exchange.reading.xlsx.number_format import BUILT_IN, SYSTEM_DATES, NumberFormat, number_format
from exchange.reading.xlsx.xml_stream import BadXml, XmlStream

_MOST = 70_000  # a workbook has at most 65,490 styles


class Styles:
    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._formats: list[int] = []

    def read(self, pieces: Iterable[bytes]) -> None:
        """Raises BadXml."""
        inside: list[str] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "numFmt" and inside[-1:] == ["numFmts"]:
                self._codes[_number_or_zero(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            elif name == "xf" and inside[-1:] == ["cellXfs"]:
                self._formats.append(_number_or_zero(attributes.get("numFmtId")))
            if max(len(self._codes), len(self._formats)) > _MOST:
                raise BadXml("too many styles")
            inside.append(name)

        def end(_name: str) -> None:
            inside.pop()

        XmlStream(start=start, end=end).read(pieces)

    def format_of(self, style: str | None) -> tuple[NumberFormat, bool]:
        """The format of a cell's style, and whether it shows a date as the reader's system writes dates."""
        place = _number_or_zero(style)
        number = self._formats[place] if 0 <= place < len(self._formats) else 0
        code = self._codes.get(number, BUILT_IN.get(number))
        if code is None:
            code = BUILT_IN[14] if number in SYSTEM_DATES else "General"
        return number_format(code), number in SYSTEM_DATES and number not in self._codes


def _number_or_zero(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else 0
