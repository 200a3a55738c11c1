"""Change a task, as colleagues and other systems do."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from crm.models.task import Task
from crm.tasks.checks import check_task
from shared.errors import NotFound


@transaction.atomic
def update_task(*, task_id: UUID, changes: Mapping[str, Any]) -> Task:
    """Change a task; another reminder is sent again. Raises NotFound or InvalidInput. Locks: the task."""
    task = Task.objects.select_for_update(of=("self",), no_key=True).filter(pk=task_id).first()
    if task is None:
        raise NotFound(gettext("There is no such task."))
    for column, value in changes.items():
        setattr(task, column, value)
    if "reminder_at" in changes:
        task.reminded_at = None
    if "deal_id" in changes and "customer_id" not in changes:
        # check_task then takes the customer of the new deal.
        task.customer_id = None
    check_task(task)
    task.save(update_fields=[*{*changes, "customer_id", "reminded_at"}, "updated_at"])
    return task
