"""Queue the reminders that are due."""

from datetime import datetime

from django.db import transaction

from crm.models.task import Task
from shared.background.enqueue import enqueue
from shared.clock import database_now

REMINDER_JOB = "crm.send_reminder"
BATCH = 500


def queue_reminders(*, now: datetime | None = None) -> int:
    """Queue an e-mail for every open task whose reminder is due; how many.

    A task without an assignee is marked, too: there is nobody to remind. Locks: the tasks that nobody else has locked.
    """
    queued = 0
    while True:
        with transaction.atomic():
            moment = now or database_now()
            locked = Task.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
            due = list(
                locked.filter(done_at=None, reminded_at=None, reminder_at__lte=moment).order_by("reminder_at")[:BATCH]
            )
            Task.objects.filter(pk__in=[task.pk for task in due]).update(reminded_at=moment)
            for task in due:
                if task.assignee_id is not None:
                    # With the moment that was due: if the reminder is moved before the job runs, the job says nothing.
                    enqueue(REMINDER_JOB, task_id=str(task.pk), at=str(task.reminder_at))
                    queued += 1
        if len(due) < BATCH:
            return queued
