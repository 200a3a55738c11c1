"""Write down a task, as colleagues and other systems do."""

from typing import Any

from crm.models.task import Task
from crm.tasks.checks import check_task
from shared.actor import Actor


def create_task(*, actor: Actor, **details: Any) -> Task:
    """A new task, the actor's own unless `assignee_id` says otherwise; about a deal, it is about the deal's customer.

    Raises InvalidInput naming every fault.
    """
    task = Task(**{"assignee_id": actor.user_id, **details})
    check_task(task)
    task.save(force_insert=True)
    return task
