"""Text in the lines that a column has room for."""

import unicodedata
from itertools import accumulate, pairwise
from typing import Any

from shared.pdf.document import Document
from shared.pdf.letters import is_own


def text_width(pdf: Document, text: str) -> float:
    """In the document's unit, in the font that is set: what get_string_width says of plain text, five times sooner."""
    if not is_own(text):
        return pdf.width_of_runs(text)
    font: Any = pdf.current_font
    return float(font.get_text_width(text, pdf.font_size_pt, None)[1] / pdf.k)


def wrapped(pdf: Document, text: str, room: float) -> list[str]:
    """Lines of at most `room` (in the document's unit), in the font that is set: broken between words, and within one
    that is longer than a line. At least one line."""
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(pdf, paragraph, room)]


def _wrap_paragraph(pdf: Document, text: str, room: float) -> list[str]:
    if text_width(pdf, text) <= room:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if text_width(pdf, longer) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _cut_word(pdf, word, room)
        lines += full
    return [*lines, line]


def _cut_word(pdf: Document, word: str, room: float) -> list[str]:
    """A word cut to lines, of one letter at least, and before no mark that belongs to the letter."""
    cuts, start = [0], 0.0
    ends = list(accumulate(text_width(pdf, letter) for letter in word))
    for place, end in enumerate(ends):
        if end - start > room and place > cuts[-1] and not _is_mark(word[place]):
            cuts.append(place)
            start = ends[place - 1]
    return [word[left:right] for left, right in pairwise([*cuts, len(word)])]


def _is_mark(letter: str) -> bool:
    """Thai and Lao have an AM that counts as a letter and stands on the one before."""
    return unicodedata.category(letter)[0] == "M" or letter in "\u0e33\u0eb3\u200c\u200d"
