"""Texts that a spreadsheet shows in place of a value that it does not have, or has cut off. Pure."""

import re

# Errors as English and other spreadsheets show them, and a column that was too narrow.
_ERROR = re.compile(r"#(N/A|NV|N/D|\u041d/\u0414|GETTING_DATA|¡?[^\W\d_][\w/. ]{1,14}[!?])|#{3,}")
# 3.80501E+11. Without a sign or a point it may be a code: 12E5.
_CUT_OFF = re.compile(r"[-+]?\d([.,]\d+)?E[+-]\d{1,3}|[-+]?\d[.,]\d+E\d{1,3}", re.IGNORECASE)


def is_error(text: str) -> bool:
    """#N/A, #REF! and the like."""
    return text.startswith("#") and (text.isupper() or set(text) == {"#"}) and _ERROR.fullmatch(text) is not None


def is_cut_off(text: str) -> bool:
    """A number of which a spreadsheet shows only the first digits."""
    return _CUT_OFF.fullmatch(text) is not None


def is_doubtful(text: str) -> bool:
    return is_error(text) or is_cut_off(text)
