"""How a line of text stands on the page: what is read from right to left among what is read from left to right."""

import re
import unicodedata
from itertools import groupby

from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

from shared.pdf.letters import JOINERS

_FROM_RIGHT = {"R", "AL", "AN"}


def runs_of(line: str) -> list[tuple[str, TextDirection]]:
    """Its parts as they stand from left to right, each in the order in which it is spoken. The library's own parts stay
    in the order of speech, which leaves the digits of an Arabic name on the wrong side of it."""
    if not any(unicodedata.bidirectional(letter) in _FROM_RIGHT for letter in line):
        return [(line, TextDirection.LTR)]
    letters = re.findall(f"[^{JOINERS}][{JOINERS}]*", line)
    runs = []
    # A joiner goes with its letter: by itself it would have the direction of the line.
    placed = BidiParagraph("".join(letter[0] for letter in letters)).get_reordered_characters()
    for is_from_right, run in groupby(placed, key=lambda letter: letter.embedding_level % 2):
        spoken = [letters[letter.character_index] for letter in run]
        if is_from_right:
            spoken.reverse()
        runs.append(("".join(spoken), TextDirection.RTL if is_from_right else TextDirection.LTR))
    return runs
