"""What System and `manage.py system_report` say: lines by part, each with its state, a figure and what to do. A part
that cannot be read says so, and the others stand."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from time import monotonic
from typing import Final

import structlog
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

log = structlog.get_logger("kontor.system")

# Of one statement, and of all parts together: who looks at a house in trouble must not wait for it.
STATEMENT_MS: Final = 1_500
ALL_SECONDS: Final = 8.0


class Level(IntEnum):
    """What a line asks for, the worst last."""

    GOOD, UNKNOWN, LOOK, ACT = range(4)


@dataclass(frozen=True, slots=True)
class Line:
    level: Level
    what: str
    figure: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """`read` yields the lines by bounded statements."""

    key: str
    title: str | Promise
    read: Callable[[], Iterable[Line]]


@dataclass(frozen=True, slots=True)
class ReadPart:
    key: str
    title: str
    lines: Sequence[Line]

    @property
    def level(self) -> Level:
        return max((line.level for line in self.lines), default=Level.GOOD)


def read_parts(parts: Iterable[Part]) -> Iterator[ReadPart]:
    """Each part by itself, in a transaction that is rolled back to where it began when a statement fails."""
    give_up_at = monotonic() + ALL_SECONDS
    for part in parts:
        if monotonic() > give_up_at:
            lines = [Line(Level.UNKNOWN, _("Not read"), "", _("The parts above took all the time that there is."))]
        else:
            lines = _read_part(part)
        yield ReadPart(part.key, str(part.title), lines)


def _read_part(part: Part) -> list[Line]:
    try:
        with _bounded():
            return list(part.read())
    except (DatabaseError, InterfaceError) as error:
        log.warning("system_part_unread", part=part.key, error=str(error))
        return [Line(Level.UNKNOWN, _("Not read"), "", str(error).strip().splitlines()[0])]


@contextmanager
def _bounded() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(STATEMENT_MS)])
        yield


def duration(seconds: float) -> str:
    """In the unit that is easiest to read."""
    for size, text in ((86_400, _("%(n)s days")), (3_600, _("%(n)s hours")), (60, _("%(n)s minutes"))):
        if seconds >= size:
            return text % {"n": number_format(round(seconds / size, 1), decimal_pos=1)}
    return _("%(n)s seconds") % {"n": round(seconds)}


def size(count: float) -> str:
    return str(filesizeformat(int(count)))
