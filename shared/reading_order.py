"""How a line of text stands on the page: what is read from right to left among what is read from left to right."""

import unicodedata
from itertools import groupby

from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

_FROM_RIGHT = {"R", "AL", "AN"}


def runs_of(line: str) -> list[tuple[str, TextDirection]]:
    """Its parts as they stand from left to right, each in the order in which it is spoken. The library's own parts stay
    in the order of speech, which leaves the digits of an Arabic name on the wrong side of it."""
    if not any(unicodedata.bidirectional(letter) in _FROM_RIGHT for letter in line):
        return [(line, TextDirection.LTR)]
    runs = []
    placed = BidiParagraph(line, preserve_bn_chars=True).get_reordered_characters()
    for is_from_right, run in groupby(placed, key=lambda letter: letter.embedding_level % 2):
        text = "".join(letter.character for letter in run)
        runs.append((text[::-1], TextDirection.RTL) if is_from_right else (text, TextDirection.LTR))
    return runs
