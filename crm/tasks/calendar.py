"""Tasks as an iCalendar file (RFC 5545)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from icalendar import Alarm, Calendar, Event

from crm.models.task import Task, TaskPriority

LENGTH = timedelta(minutes=30)
_PRIORITIES = {TaskPriority.HIGH.value: 1, TaskPriority.NORMAL.value: 5, TaskPriority.LOW.value: 9}


def calendar_of(tasks: Sequence[Task]) -> bytes:
    """The tasks, each with a due time, as an iCalendar file (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", "-//Kontor//Tasks//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Kontor")
    for task in tasks:
        calendar.add_component(_calendar_event(task))
    return bytes(calendar.to_ical())


def _calendar_event(task: Task) -> Event:
    begins = task.due_at or datetime.now(UTC)
    event = Event()
    event.add("uid", f"task-{task.pk}@kontor")
    event.add("dtstamp", task.updated_at.astimezone(UTC))
    event.add("last-modified", task.updated_at.astimezone(UTC))
    event.add("dtstart", begins.astimezone(UTC))
    # What is due at the end of all years ends as it begins.
    event.add("dtend", begins.astimezone(UTC) + min(LENGTH, datetime.max.replace(tzinfo=UTC) - begins))
    event.add("summary", task.title)
    event.add("transp", "TRANSPARENT")
    event.add("priority", _PRIORITIES[task.priority])
    if task.customer is not None:
        event.add("description", task.customer.name)
    if settings.SITE_URL:
        event.add("url", settings.SITE_URL.rstrip("/") + reverse("admin:crm_task_change", args=[task.pk]))
    if task.reminder_at is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", task.title)
        alarm.add("trigger", task.reminder_at.astimezone(UTC))
        event.add_component(alarm)
    return event
