"""Tick off a task."""

from calendar import monthrange
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from crm.models.task import Task, TaskRepeat
from crm.services.add_activity import record_change
from crm.timeline_words import TASK_DONE
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import NotFound

_MONTHS: dict[str, int] = {TaskRepeat.MONTHLY: 1, TaskRepeat.YEARLY: 12}


@transaction.atomic
def complete_task(*, task_id: UUID, actor: Actor, now: datetime | None = None) -> Task:
    """Set `done_at` and note it in the timeline of whom it is about; one that repeats comes back as a new task.

    A task that is done stays as it is. Raises NotFound. Locks: the task.
    """
    task = Task.objects.select_for_update(no_key=True).filter(pk=task_id).first()
    if task is None:
        raise NotFound(gettext("There is no such task."))
    if task.done_at is None:
        task.done_at = now or database_now()
        task.save(update_fields=["done_at", "updated_at"])
        _plan_again(task, task.done_at)
        _record(task, actor, task.done_at)
    return task


def next_due(due_at: datetime, repeat: str, done_at: datetime, *, repeat_day: int | None = None) -> datetime | None:
    """When the task comes back: the first of its days after both; None for one that does not repeat.

    Months and years keep the day where they have it: 31 January is followed by 28 February, and that, with
    `repeat_day` 31 (day_kept), by 31 March.
    """
    if repeat in _MONTHS:
        step, day = _MONTHS[repeat], day_kept(due_at, repeat_day)
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


def _plan_again(task: Task, done_at: datetime) -> None:
    if task.due_at is None:
        return
    due_at = next_due(task.due_at, task.repeat, done_at, repeat_day=task.repeat_day)
    if due_at is None:
        return
    day = day_kept(task.due_at, task.repeat_day)
    Task.objects.create(
        title=task.title,
        customer_id=task.customer_id,
        deal_id=task.deal_id,
        lead_id=task.lead_id,
        assignee_id=task.assignee_id,
        priority=task.priority,
        repeat=task.repeat,
        repeat_day=day if task.repeat in _MONTHS and due_at.day < day else None,
        due_at=due_at,
        reminder_at=due_at - (task.due_at - task.reminder_at) if task.reminder_at else None,
    )


def _record(task: Task, actor: Actor, done_at: datetime) -> None:
    """A task about nobody is in nobody's timeline."""
    customer_id = task.customer_id or (task.deal.customer_id if task.deal else None)
    if customer_id is not None or task.lead_id is not None:
        record_change(
            subject=TASK_DONE % {"title": task.title[:180]},
            actor=actor,
            customer_id=customer_id,
            lead_id=task.lead_id,
            deal_id=task.deal_id,
            now=done_at,
        )
