"""Tick off a task."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.models.task import Task
from shared.clock import database_now
from shared.errors import NotFound


@transaction.atomic
def complete_task(*, task_id: UUID, now: datetime | None = None) -> Task:
    """Set `done_at`; a task that is done stays as it is. Raises NotFound. Locks: the task."""
    task = Task.objects.select_for_update(of=("self",), no_key=True).filter(pk=task_id).first()
    if task is None:
        raise NotFound("There is no such task.")
    if task.done_at is None:
        task.done_at = now or database_now()
        task.save(update_fields=["done_at", "updated_at"])
    return task
