"""What one cell of a sheet holds: the text that is shown, and what is known of the value behind it."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from exchange.reading.table import SheetCell
from exchange.reading.xlsx.number_format import NumberFormat
from exchange.reading.xlsx.styles import Styles

_EXACT = Decimal(10) ** 15  # a spreadsheet keeps 15 digits of a number
_LAST_DAY = 2_958_466  # 9999-12-31 and one
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - a sheet has no zone


class CellReader:
    """`is_1904`: the workbook counts days from 1904, as those of old Macs do."""

    def __init__(self, styles: Styles, *, is_1904: bool) -> None:
        self._styles = styles
        self._is_1904 = is_1904
        self._number = lru_cache(maxsize=2_000)(self._read_number)

    def number(self, text: str, style: str | None) -> SheetCell:
        return self._number(text, style)

    def _read_number(self, text: str, style: str | None) -> SheetCell:
        try:
            raw = float(text)
            value = Decimal(f"{raw:.15g}")  # what the sheet computes with: 0.1 + 0.2 is 0.3 to it
        except (ValueError, ArithmeticError):
            value = Decimal("NaN")
        if not value.is_finite():
            return unknown_value(_("The cell's number cannot be read: “%(text)s”.") % {"text": text[:40]})
        shown, is_system_date = self._styles.format_of(style)
        if shown.is_date:
            return self._cell_of_date_number(value, shown, is_system=is_system_date)
        exact = _plain_number(value)
        if abs(value) >= _EXACT:
            fault = _("The number has more digits than a spreadsheet keeps. Make the column text and write it again.")
            return SheetCell(exact, number=exact, text_fault=fault)
        as_shown = shown.number(value, exact)
        return (
            SheetCell(exact, number=exact, text_fault=_not_known(shown))
            if as_shown is None
            else SheetCell(as_shown, number=exact)
        )

    def _cell_of_date_number(self, value: Decimal, shown: NumberFormat, *, is_system: bool) -> SheetCell:
        if not 0 <= value < _LAST_DAY - 1_462:
            return unknown_value(_("The cell is shown as a date, and its number is none."))
        # Days before March 1900 are off by one in Excel, which believes in 29 February 1900.
        early = 1 if not self._is_1904 and value < 60 else 0
        moment = _EPOCHS[self._is_1904] + timedelta(days=early, seconds=round(float(value) * 86_400))
        if value < 1:
            time = shown.date(moment) or moment.time().isoformat()
            return SheetCell(time, fault="" if shown.date(moment) else _not_known(shown))
        return _date_cell(moment, None if is_system else shown)

    def day(self, text: str) -> SheetCell:
        """A date written as text, as the strict dialect has it."""
        try:
            return _date_cell(datetime.fromisoformat(text.removesuffix("Z")), None)
        except ValueError:
            return unknown_value(_("The cell's date cannot be read: “%(text)s”.") % {"text": text[:40]})


def unknown_value(why: str, shown: str = "") -> SheetCell:
    return SheetCell(shown, fault=why)


def _date_cell(moment: datetime, shown: NumberFormat | None) -> SheetCell:
    """`shown` unset: as the reader's system writes dates, which nobody knows; the day as ISO says what it is."""
    is_day = not (moment.hour or moment.minute or moment.second)
    plain = moment.date().isoformat() if is_day else moment.isoformat(sep=" ", timespec="seconds")
    text = plain if shown is None else shown.date(moment)
    day = moment.date().isoformat() if is_day else plain
    if text is None:
        return SheetCell(plain, day=day, text_fault=_not_known(shown))
    return SheetCell(text, day=day)


def _not_known(shown: NumberFormat | None) -> str:
    text = _("What the sheet shows by the format “%(format)s” is not known. Make the column text.")
    return text % {"format": shown.code[:60] if shown else ""}


def _plain_number(value: Decimal) -> str:
    """Without exponent, and without zeros behind the point that say nothing."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
