"""The periods that reports are made for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

PERIODS = {"7": _("7 days"), "30": _("30 days"), "90": _("90 days"), "12m": _("12 months")}
DEFAULT_PERIOD = "30"


@dataclass(frozen=True, slots=True)
class Period:
    """`key` of PERIODS; from `first` to `last`, both included."""

    key: str
    first: date
    last: date

    def steps(self) -> Iterator[tuple[date, date, str]]:
        """(first day, last day, name) of each bar: a day, or a month where there are twelve."""
        day = self.first
        while day <= self.last:
            if self.key == "12m":
                last = min(_months_later(day, 1) - timedelta(days=1), self.last)
                yield day, last, date_format(day, "M Y")
            else:
                last = day
                yield day, day, date_format(day, "d M")
            day = last + timedelta(days=1)


def period_of(key: str, today: date) -> Period:
    """The period up to today, whatever `key` came; twelve months begin with the first of one."""
    if key not in PERIODS:
        key = DEFAULT_PERIOD
    first = _months_later(today.replace(day=1), -11) if key == "12m" else today - timedelta(days=int(key) - 1)
    return Period(key, first, today)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1)
