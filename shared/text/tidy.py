"""Text as it comes in: one way to write each letter, and no letters that nobody sees where they make another address.

Unicode's NFC, so that what was typed on one machine is found from another. Sorting combining marks takes time that
grows with the square of their number in a row, so text with more of them than any language has is refused (UAX #15,
"stream-safe text", takes 30).
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_MARKS = 30
# Behind the first two planes Unicode has ideographs, tags and private letters: looking for marks there took each
# process a quarter of a second.
_MARK = "".join(chr(code) for code in range(0x300, 0x2_0000) if unicodedata.combining(chr(code)))
_TOO_MANY_MARKS = re.compile(f"[{_MARK}]{{{MOST_MARKS + 1}}}")
# Blanks, and format characters: zero-width space and joiners, marks of direction, soft hyphen, byte order mark.
_INVISIBLE = (
    r"\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0"
)
_AT_THE_ENDS = re.compile(rf"^[{_INVISIBLE}]+|[{_INVISIBLE}]+$")
_INSIDE = re.compile(rf"[{_INVISIBLE}]")


class TooManyMarks(ValueError):
    """More combining marks in a row than a letter can have."""


def in_one_form(text: str) -> str:
    """The text in NFC. Raises TooManyMarks."""
    if text.isascii():
        return text
    if _TOO_MANY_MARKS.search(text):
        raise TooManyMarks
    return unicodedata.normalize("NFC", text)


def without_invisible_ends(text: str) -> str:
    """Without blanks and invisible characters before and after it, as a text copied from a page has them."""
    return _AT_THE_ENDS.sub("", text)


def check_visible(text: str) -> None:
    """For addresses and codes, which are compared letter by letter. Raises ValidationError for an invisible one."""
    if _INSIDE.search(text):
        raise ValidationError(_("There is a blank or an invisible character in it: type it anew."), code="invisible")
