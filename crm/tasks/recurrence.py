"""When a task that repeats is due again. Pure: no database."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from crm.models.task import TaskRepeat

MONTHS_OF: dict[str, int] = {TaskRepeat.MONTHLY: 1, TaskRepeat.YEARLY: 12}
_DAYS_OF: dict[str, int] = {TaskRepeat.DAILY: 1, TaskRepeat.WEEKLY: 7}


def next_due(
    due_at: datetime, repeat: str, done_at: datetime, *, zone: ZoneInfo, repeat_day: int | None = None
) -> datetime | None:
    """When the task comes back (UTC): the first of its days after both; None for one that does not repeat.

    It stays at its time of day in `zone`, on whichever side of a change of the clocks. Months and years keep the day
    where they have it: 31 January is followed by 28 February, and that, with `repeat_day` 31 (day_kept), by 31 March.
    """
    if repeat not in MONTHS_OF and repeat not in _DAYS_OF:
        return None
    due, done = due_at.astimezone(zone), done_at.astimezone(zone)
    steps = _steps_between(due, done, repeat)
    day = day_kept(due_at, repeat_day, zone=zone)
    following = _after(due, repeat, steps, day)
    return following if following > done_at and following > due_at else _after(due, repeat, steps + 1, day)


def day_kept(due_at: datetime, repeat_day: int | None, *, zone: ZoneInfo) -> int:
    """The day of the month that the task is for: the one that a short month has cut, unless somebody has moved the task
    to another day since."""
    due = due_at.astimezone(zone)
    if repeat_day is not None and due.day == min(repeat_day, monthrange(due.year, due.month)[1]):
        return repeat_day
    return due.day


def _steps_between(due: datetime, done: datetime, repeat: str) -> int:
    """How often it would have come back by then, at least once."""
    if repeat in MONTHS_OF:
        return max(1, ((done.year - due.year) * 12 + done.month - due.month) // MONTHS_OF[repeat])
    return max(1, (done.date() - due.date()).days // _DAYS_OF[repeat])


def _after(due: datetime, repeat: str, steps: int, day: int) -> datetime:
    """So many steps later, at the same time of day. Where the clocks skip that, as much later as they skip."""
    if repeat in MONTHS_OF:
        there = _months_after(due.date(), steps * MONTHS_OF[repeat], day)
    else:
        there = due.date() + timedelta(days=steps * _DAYS_OF[repeat])
    return datetime.combine(there, due.time(), due.tzinfo).astimezone(UTC)


def _months_after(start: date, months: int, day: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))
