"""A colleague's open tasks as a calendar that programs subscribe to, at a secret address.

Tasks are events (VEVENT), not to-dos (VTODO), which iCalendar has for them: Google Calendar and most phones leave VTODO
out of subscribed calendars. An event begins when the task is due, does not make its owner busy, and rings at the
reminder's time.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from icalendar import Alarm, Calendar, Event

from crm.models.task import Task, TaskPriority
from crm.services.calendar_token import hash_of
from shared.api.client_address import client_address
from shared.throttling import RateLimited, hit
from users.models.user import User

MAX_TASKS = 500
LENGTH = timedelta(minutes=30)
_READS_PER_MINUTE = 30  # of one address on the network: calendars ask every few minutes at most
_PRIORITIES = {TaskPriority.HIGH.value: 1, TaskPriority.NORMAL.value: 5, TaskPriority.LOW.value: 9}


@require_safe
def tasks_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whom the token belongs to; a wrong one is a 404 like any other address that is not there."""
    try:
        hit(name="calendar", subject=client_address(request), limit=_READS_PER_MINUTE)
    except RateLimited as refusal:
        headers = {"Retry-After": str(refusal.retry_after_seconds)}
        return HttpResponse(refusal.detail, status=429, content_type="text/plain", headers=headers)
    user = User.objects.filter(calendar_token_hash=hash_of(token), is_active=True, is_staff=True).first()
    if user is None or not user.has_perm("crm.view_task"):
        raise Http404(gettext("There is no such calendar."))
    tasks = list(
        Task.objects.filter(assignee=user.pk, done_at=None, due_at__isnull=False)
        .select_related("customer")
        .order_by("due_at", "id")[:MAX_TASKS]
    )
    etag = _etag(tasks)
    modified = max((task.updated_at for task in tasks), default=user.date_joined)
    # The ETag alone decides: a task that is done leaves, and the newest change among the others may be older.
    answer = get_conditional_response(request, etag=etag) or HttpResponse(
        calendar_of(tasks), content_type="text/calendar; charset=utf-8"
    )
    answer["ETag"] = etag
    answer["Last-Modified"] = http_date(modified.timestamp())
    answer["Cache-Control"] = "private, max-age=60"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def calendar_of(tasks: Sequence[Task]) -> bytes:
    """The tasks, each with a due time, as an iCalendar file (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", "-//Kontor//Tasks//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Kontor")
    for task in tasks:
        calendar.add_component(_event(task))
    return bytes(calendar.to_ical())


def _event(task: Task) -> Event:
    begins = task.due_at or datetime.now(UTC)
    event = Event()
    event.add("uid", f"task-{task.pk}@kontor")
    event.add("dtstamp", task.updated_at.astimezone(UTC))
    event.add("last-modified", task.updated_at.astimezone(UTC))
    event.add("dtstart", begins.astimezone(UTC))
    event.add("dtend", (begins + LENGTH).astimezone(UTC))
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


def _etag(tasks: Sequence[Task]) -> str:
    parts = [f"{task.pk}{task.updated_at.isoformat()}{task.customer.name if task.customer else ''}" for task in tasks]
    return f'"{sha256("|".join([settings.SITE_URL, *parts]).encode()).hexdigest()[:32]}"'
