"""Delete a task."""

from uuid import UUID

from crm.models.task import Task
from shared.database.write_row import delete_row


def delete_task(*, task_id: UUID) -> None:
    """Delete a task. Raises NotFound."""
    delete_row(Task, key=task_id)
