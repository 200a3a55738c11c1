"""Tick off many tasks."""

from collections.abc import Sequence
from uuid import UUID

from crm.models.task import Task
from crm.services.bulk.check_many import BulkResult, check_many
from crm.services.tasks.complete_task import complete_task
from shared.actor import Actor
from shared.errors import NotFound
from shared.planner.lookups import one_of


def bulk_complete(*, ids: Sequence[UUID], actor: Actor) -> BulkResult:
    """Complete each open task as complete_task does, each in a transaction of its own: those that repeat come back.

    Raises InvalidInput for too many. Locks: one task at a time.
    """
    check_many(ids)
    result = BulkResult()
    tasks = dict(Task.objects.filter(one_of("pk", ids)).values_list("pk", "done_at"))
    for task_id in sorted(tasks):
        if tasks[task_id] is not None:
            result.unchanged += 1
            continue
        try:
            complete_task(task_id=task_id, actor=actor)
        except NotFound:
            continue  # deleted meanwhile
        result.changed += 1
    return result
