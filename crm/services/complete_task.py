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


def next_due(due_at: datetime, repeat: str, done_at: datetime) -> datetime | None:
    """When the task comes back: the first of its days after both; None for one that does not repeat.

    Months keep the day where they have it: 31 January is followed by 28 February.
    """
    if repeat == TaskRepeat.MONTHLY:
        ahead = max(1, (done_at.year - due_at.year) * 12 + done_at.month - due_at.month)
        due = _months_after(due_at, ahead)
        return due if due > done_at else _months_after(due_at, ahead + 1)
    if repeat in {TaskRepeat.DAILY, TaskRepeat.WEEKLY}:
        step = timedelta(days=1 if repeat == TaskRepeat.DAILY else 7)
        return due_at + step * max(1, (done_at - due_at) // step + 1)
    return None


def _months_after(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def _plan_again(task: Task, done_at: datetime) -> None:
    if task.due_at is None or (due_at := next_due(task.due_at, task.repeat, done_at)) is None:
        return
    Task.objects.create(
        title=task.title,
        customer_id=task.customer_id,
        deal_id=task.deal_id,
        lead_id=task.lead_id,
        assignee_id=task.assignee_id,
        priority=task.priority,
        repeat=task.repeat,
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
