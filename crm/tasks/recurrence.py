"""When a task that repeats is due again. Pure: no database."""

from calendar import monthrange
from datetime import datetime, timedelta

from crm.models.task import TaskRepeat

MONTHS_OF: dict[str, int] = {TaskRepeat.MONTHLY: 1, TaskRepeat.YEARLY: 12}


def next_due(due_at: datetime, repeat: str, done_at: datetime, *, repeat_day: int | None = None) -> datetime | None:
    """When the task comes back: the first of its days after both; None for one that does not repeat.

    Months and years keep the day where they have it: 31 January is followed by 28 February, and that, with
    `repeat_day` 31 (day_kept), by 31 March.
    """
    if repeat in MONTHS_OF:
        step, day = MONTHS_OF[repeat], day_kept(due_at, repeat_day)
        ahead = max(1, ((done_at.year - due_at.year) * 12 + done_at.month - due_at.month) // step)
        due = _months_after(due_at, ahead * step, day)
        return due if due > done_at else _months_after(due_at, (ahead + 1) * step, day)
    if repeat in {TaskRepeat.DAILY, TaskRepeat.WEEKLY}:
        step = 1 if repeat == TaskRepeat.DAILY else 7
        return due_at + timedelta(days=step * max(1, (done_at - due_at) // timedelta(days=step) + 1))
    return None


def day_kept(due_at: datetime, repeat_day: int | None) -> int:
    """The day of the month that the task is for: the one that a short month has cut, unless somebody has moved the task
    to another day since."""
    if repeat_day is not None and due_at.day == min(repeat_day, monthrange(due_at.year, due_at.month)[1]):
        return repeat_day
    return due_at.day


def _months_after(moment: datetime, months: int, day: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(day, monthrange(year, month + 1)[1]))
