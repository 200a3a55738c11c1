"""In which zone a task keeps its time of day."""

from zoneinfo import ZoneInfo

from crm.models.task import Task
from shared.clock import reader_zone


def task_zone(task: Task) -> ZoneInfo:
    """That of whoever is to do it; of nobody's, the shop's."""
    return reader_zone(task.assignee.time_zone if task.assignee else "")
