"""What a PDF of ours says, as whoever copies its text would read it."""

import re
import zlib

_OBJECT = re.compile(rb"(?m)^(\d+) 0 obj\r?\n(.*?)^endobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.S)
_DRAWN = re.compile(rb"/F(\d+) [\d.]+ Tf|\(((?:[^()\\]|\\.)*)\) ?Tj|<([0-9A-Fa-f]+)> ?Tj", re.S)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_in(content: bytes) -> str:
    """Each drawn run on a line of its own."""
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    letters = {name: _letters_of(objects, number) for name, number in _fonts(content)}
    pages = [int(number) for number in re.findall(rb"/Contents (\d+) 0 R", content)]
    return "\n".join(run for page in pages for run in _runs(_data(objects[page]), letters))


def _fonts(content: bytes) -> list[tuple[int, int]]:
    return [(int(name), int(number)) for name, number in re.findall(rb"/F(\d+) (\d+) 0 R", content)]


def _data(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    return zlib.decompress(found[1]) if b"FlateDecode" in body[: found.start()] else found[1]


def _letters_of(objects: dict[int, bytes], font: int) -> dict[int, str]:
    """By the number of its shape."""
    found = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    if found is None:
        return {}
    pairs = re.findall(rb"<(\w{4})> <((?:\w{4})+)>\s", _data(objects[int(found[1])]))
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def _runs(stream: bytes, letters: dict[int, dict[int, str]]) -> list[str]:
    known: dict[int, str] = {}
    runs = []
    for font, literal, digits in _DRAWN.findall(stream):
        if font:
            known = letters.get(int(font), {})
            continue
        raw = bytes.fromhex(digits.decode()) if digits else _unescaped(literal)
        shapes = (int.from_bytes(raw[place : place + 2], "big") for place in range(0, len(raw), 2))
        runs.append("".join(known.get(shape, "?") for shape in shapes))
    return runs


def _unescaped(literal: bytes) -> bytes:
    return re.sub(rb"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), literal, flags=re.S)
