"""Services ask for jobs by name, inside their transaction."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager


def enqueue(task: str, *, wait: timedelta | None = None, **arguments: Any) -> bool:
    """Queue the job named `task` (config/jobs.py); False when one with its queueing lock waits already.

    The job appears when the caller's transaction commits and never when it rolls back. In the worker too:
    there the app's own connector uses connections outside that transaction. `wait`: it is not begun before. Raises
    TaskNotFound.
    """
    schedule_in = {"seconds": int(wait.total_seconds())} if wait is not None else None
    job = app.configure_task(task, allow_unknown=False, task_kwargs=arguments, schedule_in=schedule_in).job
    try:
        with transaction.atomic():  # a refused insert must not take the caller's transaction with it
            JobManager(DjangoConnector()).defer_job(job)
    except AlreadyEnqueued:
        return False
    return True
