"""Tick off a task."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext

from crm.models.task import Task
from crm.services.timeline.record_change import record_change
from crm.tasks.recurrence import MONTHS_OF, day_kept, next_due
from crm.tasks.task_zone import task_zone
from crm.timeline.lines import TASK_DONE
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
        _record_in_timeline(task, actor, task.done_at)
    return task


def _plan_again(task: Task, done_at: datetime) -> None:
    if task.due_at is None:
        return
    zone = task_zone(task)
    due_at = next_due(task.due_at, task.repeat, done_at, zone=zone, repeat_day=task.repeat_day)
    if due_at is None:
        return
    day = day_kept(task.due_at, task.repeat_day, zone=zone)
    Task.objects.create(
        title=task.title,
        customer_id=task.customer_id,
        deal_id=task.deal_id,
        lead_id=task.lead_id,
        assignee_id=task.assignee_id,
        priority=task.priority,
        repeat=task.repeat,
        # Kept only where the month was too short, so that the 31st comes back after it.
        repeat_day=day if task.repeat in MONTHS_OF and due_at.astimezone(zone).day < day else None,
        due_at=due_at,
        reminder_at=_reminder_before(due_at, task, zone),
    )


def _reminder_before(due_at: datetime, task: Task, zone: ZoneInfo) -> datetime | None:
    """As long before as it was, by the clock on the wall: the evening before stays that evening."""
    if task.due_at is None or task.reminder_at is None:
        return None
    ahead = _wall_time(task.due_at, zone) - _wall_time(task.reminder_at, zone)
    return (_wall_time(due_at, zone) - ahead).replace(tzinfo=zone).astimezone(UTC)


def _wall_time(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _record_in_timeline(task: Task, actor: Actor, done_at: datetime) -> None:
    """A task about nobody is in nobody's timeline."""
    customer_id = task.customer_id or (task.deal.customer_id if task.deal else None)
    if customer_id is not None or task.lead_id is not None:
        record_change(
            subject=TASK_DONE(title=task.title[:180]),
            actor=actor,
            customer_id=customer_id,
            lead_id=task.lead_id,
            deal_id=task.deal_id,
            now=done_at,
        )
