"""What the colleague is to do."""

from django.http import HttpRequest

from crm.dashboard.card import MOST_SHOWN, Card
from crm.models.task import Task
from crm.reads.waiting import open_tasks_of


def _tasks(request: HttpRequest) -> list[Task]:
    return list(open_tasks_of(request.user.pk)[:MOST_SHOWN]) if request.user.pk is not None else []


CARD = Card("admin/kontor/cards/my_tasks.html", permissions=("crm.view_task",), read=_tasks, rank=10)
