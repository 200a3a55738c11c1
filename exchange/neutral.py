"""Cells that a spreadsheet would run as a formula: made harmless on the way out, restored on the way in. Pure.

A text that begins with = + - @ tab or CR gets an apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection),
and so does one that begins with apostrophes followed by such a sign: that is what makes the way back exact.
"""

import re

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_NEUTRALIZED = re.compile(r"'+[=+\-@\t\r]")


def neutralize(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def restore(cell: str) -> str:
    """The text that was neutralised; any other cell without spaces around it."""
    return cell[1:] if _NEUTRALIZED.match(cell) else cell.strip()
