"""Bodies of a mebibyte that are made to cost much: each is right JSON, or nearly, and hardly any is a right request."""

import json
from collections.abc import Iterator
from typing import Any

MIB = 1024 * 1024
COMBINING = "\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}"


def anywhere() -> Iterator[tuple[str, bytes]]:
    """Bodies that need no route: what they cost, they cost while they are read."""
    yield "keys twice", _object(list(range(50_000)) * 2)
    yield "one key often", b"{" + b",".join([b'"a":1'] * (MIB // 7)) + b"}"
    yield "unknown keys", _object(list(range(80_000)))
    yield "unstorable texts", rb'["\u0000' + rb'","\u0000' * (MIB // 9 - 2) + b'"]'
    yield "unstorable keys", b"[" + b",".join([rb'{"\u0000":1}'] * (MIB // 13)) + b"]"
    yield "unstorable and deep", b'{"key":[' * 450 + rb'"\u0000",' * (MIB // 10) + b"1" + b"]}" * 450
    yield "many and deep", b'{"key":[' * 450 + rb'"\u0061",' * (MIB // 10) + b"1" + b"]}" * 450
    yield "deep objects", b'{"a":' * (MIB // 6)
    yield "long key", json.dumps({"k" * (MIB // 2 - 10): 1}).encode()[:-1] + b', "' + b"k" * (MIB // 2 - 10) + b'": 1}'
    yield "numbers", b"[" + b",".join([b"9" * 399] * (MIB // 400)) + b"]"
    yield "exponents", b"[" + b",".join([b"1e999999"] * (MIB // 9)) + b"]"
    yield "escapes", b'["' + rb"\ud83d\ude00" * (MIB // 12 - 1) + b'"]'


def values() -> Iterator[tuple[str, Any]]:
    """Values that any field may be given."""
    yield "numbers", [1] * (MIB // 2 - 100)
    yield "texts", ["a"] * (MIB // 4 - 100)
    yield "different texts", [str(n) for n in range(100_000)]
    yield "empty objects", [{}] * (MIB // 3 - 100)
    yield "empty lists", [[]] * (MIB // 3 - 100)
    yield "object", {str(n): n for n in range(70_000)}
    yield "text", "a" * (MIB - 200)
    yield "digits", "1" * (MIB - 200)
    yield "blanks", " " * (MIB - 200)
    yield "address", "a@" * (MIB // 2 - 100)
    yield "dots", "." * (MIB - 200)
    yield "combining", COMBINING * (MIB // 4 - 60)
    yield "wide", "\N{GREEK SMALL LETTER IOTA WITH DIALYTIKA AND TONOS}" * (MIB // 2 - 100)


def nested(path: tuple[str | int, ...], value: Any) -> bytes:
    """A body with the value there; 0 is the only item of a list."""
    for step in reversed(path):
        value = [value] if step == 0 else {step: value}
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _object(keys: list[int]) -> bytes:
    return b"{" + b",".join(b'"%d":1' % key for key in keys) + b"}"
