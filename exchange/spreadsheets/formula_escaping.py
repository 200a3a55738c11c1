"""Cells that a spreadsheet would run as a formula: made harmless on the way out, restored on the way in. Pure.

A text that begins with = + - @, with one of their wide forms, or with tab, CR or LF, gets an apostrophe in front
(https://owasp.org/www-community/attacks/CSV_Injection), and so does one that begins with apostrophes followed by such a
sign: that is what makes the way back exact. So it is with texts that an import would take for an error or for a number
cut off (exchange/spreadsheets/error_values.py): a spreadsheet that opens the file would spoil them, too.
"""

import re

from exchange.spreadsheets.error_values import is_doubtful

_SIGNS = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_DANGEROUS = re.compile(f"'*[{_SIGNS}]")
_NEUTRALIZED = re.compile(f"'+[{_SIGNS}]")


def neutralize(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return f"'{text}" if _DANGEROUS.match(text) or is_doubtful(text.lstrip("'")) else text


def is_neutralized(cell: str) -> bool:
    """Whether the cell begins with an apostrophe that is not its text's."""
    return cell.startswith("'") and (_NEUTRALIZED.match(cell) is not None or is_doubtful(cell.lstrip("'")))


def restore(cell: str) -> str:
    """The text that was neutralised; any other cell without spaces around it."""
    return cell[1:] if is_neutralized(cell) else cell.strip()
