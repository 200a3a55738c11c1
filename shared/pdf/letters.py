"""Which of the fonts in shared/pdf/fonts has a letter (docs/decisions/fonts.md)."""

import json
import re
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
JOINERS = "\u200c\u200d"  # they shape the letters beside them
# What has no shape of its own and belongs to no run of letters: soft hyphens, marks of direction, variants of signs.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """Without what has no shape; controls and other blanks become blanks."""
    if text.isprintable() and text.isascii():
        return text
    return re.sub(r"[^\S\n]|[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", _INVISIBLE.sub("", text))


def is_own(text: str) -> bool:
    """Whether the documents' own font has all the letters."""
    return text.isascii() or own_letters().issuperset(text)


@cache
def own_letters() -> frozenset[str]:
    return frozenset(_letters_of(_font_index()[""])) | {"\n"}


@cache
def fonts_of_others() -> dict[str, str]:
    """Any other letter and the font that has it, by the name of its file in shared/pdf/fonts/scripts. 33,000 of them:
    read once, when a process meets the first."""
    return {letter: name for name, spans in _font_index().items() if name for letter in _letters_of(spans)}


@cache
def _font_index() -> dict[str, list[tuple[int, int]]]:
    """Of each font, the first and last of letters in a row; under no name, those of the documents' own."""
    index: dict[str, list[tuple[int, int]]] = json.loads((FONTS / "scripts/index.json").read_text(encoding="utf-8"))
    return index


def _letters_of(spans: list[tuple[int, int]]) -> list[str]:
    return [chr(code) for first, last in spans for code in range(first, last + 1)]
