"""What a cell of a file means for a column: shown is what is taken, and what is unknown is never empty. Pure."""

import re
from typing import Literal

from django.utils.translation import gettext as _

from exchange.reading.table import SheetCell
from exchange.spreadsheets.error_values import is_cut_off, is_error
from exchange.spreadsheets.formula_escaping import is_neutralized, restore
from shared.text.tidy import TooManyMarks, in_one_form

# A code (SKU, phone number) is a text that a spreadsheet likes to make a number or a date of.
Takes = Literal["text", "code", "number", "date"]


class Wrong(Exception):
    """A cell that its column does not take; says what to do."""


_FORCED_TEXT = re.compile(r'="([^"]*)"')
_FORMULA = re.compile(r"=\s*[-+(]*\s*(\$?[A-Za-z]{1,3}\$?\d|[A-Za-z_.]+\s*\(|\d|\"|'|\[|\{)")
_EXPONENT = re.compile(r"[-+]?\d+([.,]\d+)?E[+-]?\d{1,3}", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\.?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})( 00:00(:00)?)?")
_LOST = "\ufffd"
# Most cells: one letter of ASCII and what may follow it. Nothing that is looked for below can stand in it.
_PLAIN = re.compile(r"[A-Za-z](?:[ -~]*[!-~])?")


def read_cell(cell: str, takes: Takes = "text") -> str:
    """The cell's text for such a column, in one form of Unicode; "" is an empty cell. Raises Wrong for what is unknown
    or doubtful."""
    try:
        return in_one_form(_text_of_cell(cell, takes))
    except TooManyMarks:
        raise Wrong(_("A letter has too many combining marks.")) from None


def _text_of_cell(cell: str, takes: Takes) -> str:
    if isinstance(cell, SheetCell):
        return _of_sheet(cell, takes)
    if _PLAIN.fullmatch(cell):
        return cell
    if is_neutralized(cell):
        return restore(cell)
    text = cell.strip()
    if forced := _FORCED_TEXT.fullmatch(text):
        text = forced[1].strip()
    _refuse_unknown(text)
    if is_cut_off(text) or (takes == "number" and _EXPONENT.fullmatch(text)):
        raise Wrong(_("A spreadsheet has cut this number off: “%(text)s”. Write all of its digits.") % {"text": text})
    return _as_day(text) if takes == "date" else text


def _of_sheet(cell: SheetCell, takes: Takes) -> str:
    if cell.fault:
        raise Wrong(cell.fault)
    if takes == "date":
        return _as_day(cell.day or str(cell))
    if cell.day and takes in ("number", "code"):
        raise Wrong(_("The cell is a date: “%(text)s”. Make the column text, and write it again.") % {"text": cell})
    if takes == "number":
        return cell.number or str(cell)
    if cell.text_fault:
        raise Wrong(cell.text_fault)
    return str(cell).strip()


def _refuse_unknown(text: str) -> None:
    if is_error(text):
        raise Wrong(_("The cell shows an error: %(error)s.") % {"error": text[:40]})
    if text.startswith("=") and _FORMULA.match(text):
        raise Wrong(_("The cell is a formula: its result is not in the file. Write the value in its place."))
    if _LOST in text:
        raise Wrong(_("Letters were lost when the file was saved: “%(text)s”.") % {"text": text[:40]})


def _as_day(text: str) -> str:
    """YYYY-MM-DD of a date that can be read in one way only; any other text as it is. 03/04/2026 is March or April."""
    if found := _YEAR_FIRST.fullmatch(text):
        return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"
    if found := _DAY_FIRST.fullmatch(text):
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    return text
