"""The parts of a workbook as XML, read as a stream: no part, text or tag is ever in memory as a whole. Pure."""

from collections.abc import Callable, Iterable
from xml.parsers import expat

MAX_TOKEN_BYTES = 1024 * 1024
_MAX_NAMES = 10_000


class BadXml(Exception):
    """The part cannot be read; the text says why, for whoever mends the program that wrote it."""


class _LocalNames(dict[str, str]):
    """Names without their prefix, each worked out once."""

    def __missing__(self, name: str) -> str:
        if len(self) > _MAX_NAMES:
            raise BadXml("too many kinds of elements")
        self[name] = name.rpartition(":")[2]
        return self[name]


class XmlStream:
    """Calls `start(name, attributes)`, `end(name)` and `text(piece)`; names come without their prefix, so that every
    dialect of the format (strict, transitional, prefixed) reads alike."""

    def __init__(
        self,
        *,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        self._fed = 0
        local = _LocalNames()
        parser.StartElementHandler = lambda name, attributes: start(local[name], attributes)
        if end is not None:
            parser.EndElementHandler = lambda name: end(local[name])
        parser.CharacterDataHandler = text
        # Entities are how a small file becomes a big one, and no program that writes workbooks uses them.
        parser.StartDoctypeDeclHandler = _refuse_doctype

    def feed(self, piece: bytes, *, is_last: bool = False) -> None:
        """Raises BadXml."""
        try:
            self._parser.Parse(piece, is_last)
        except expat.ExpatError as error:
            raise BadXml(str(error)) from error
        self._fed += len(piece)
        if not is_last and self._fed - max(0, self._parser.CurrentByteIndex) > MAX_TOKEN_BYTES + len(piece):
            raise BadXml("a tag without end")

    def read(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self.feed(piece)
        self.feed(b"", is_last=True)


def _refuse_doctype(*_args: object) -> None:
    raise BadXml("it declares entities")
