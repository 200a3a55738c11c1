"""What System and `manage.py system_report` say: lines by part, each with its state, a figure and what to do. A part
that cannot be read says so, and the others stand."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from time import monotonic
from typing import Any, Final

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

log = structlog.get_logger("kontor.system")

# Of one statement, and of all parts together: who looks at a house in trouble must not wait for it.
STATEMENT_SECONDS: Final = 1.5
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


Read = Callable[[], Iterable[Line]]


@dataclass(frozen=True, slots=True)
class Part:
    """`read` yields the lines by bounded statements; `unread` is how bad it is when one of them fails. Each of
    `details` is read after it in a transaction of its own, and may fail for little."""

    key: str
    title: str | Promise
    read: Read
    details: tuple[Read, ...] = ()
    unread: Level = Level.UNKNOWN


@dataclass(frozen=True, slots=True)
class ReadPart:
    key: str
    title: str
    lines: Sequence[Line]

    @property
    def level(self) -> Level:
        return max((line.level for line in self.lines), default=Level.GOOD)


class _TimeIsUp(OperationalError):
    """All parts together have had their time."""


def read_parts(parts: Iterable[Part], *, seconds: float = ALL_SECONDS) -> Iterator[ReadPart]:
    """Each read in a transaction of its own, which is rolled back when a statement fails."""
    give_up_at = monotonic() + seconds
    for part in parts:
        lines = _lines_of(part.key, part.read, give_up_at, part.unread)
        for read in part.details:
            lines += _lines_of(part.key, read, give_up_at, Level.UNKNOWN)
        yield ReadPart(part.key, str(part.title), lines)


def _lines_of(key: str, read: Read, give_up_at: float, unread: Level) -> list[Line]:
    """Those that came before a statement failed, too."""
    lines: list[Line] = []
    try:
        with transaction.atomic(), _bounded(give_up_at):
            for line in read():
                lines.append(line)
    except _TimeIsUp:
        lines.append(Line(unread, _("Not read"), "", _("What is above took all the time that there is.")))
    except (DatabaseError, InterfaceError) as error:
        log.warning("system_part_unread", part=key, error=str(error))
        first, *_rest = str(error).strip().splitlines() or [type(error).__name__]
        lines.append(Line(unread, _("Not read"), "", first))
    return lines


@contextmanager
def _bounded(give_up_at: float) -> Iterator[None]:
    """Each statement gets STATEMENT_SECONDS, and the last one what is left."""
    granted = 0.0

    def limit(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal granted
        left = min(STATEMENT_SECONDS, give_up_at - monotonic())
        if left <= 0:
            raise _TimeIsUp
        if granted != left:
            limit_sql = "SELECT set_config('statement_timeout', %s, true)"
            execute(limit_sql, [str(max(1, int(left * 1000)))], False, context)
            granted = left
        return execute(sql, params, many, context)

    with connection.execute_wrapper(limit):
        yield


def duration(seconds: float) -> str:
    """In the unit that is easiest to read."""
    for size, text in ((86_400, _("%(n)s days")), (3_600, _("%(n)s hours")), (60, _("%(n)s minutes"))):
        if seconds >= size:
            return text % {"n": number_format(round(seconds / size, 1), decimal_pos=1)}
    return _("%(n)s seconds") % {"n": round(seconds)}


def size(count: float) -> str:
    return str(filesizeformat(int(count)))
