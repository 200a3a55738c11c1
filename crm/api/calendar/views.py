"""A colleague's open tasks as a calendar that programs subscribe to, at a secret address.

Tasks are events (VEVENT), not to-dos (VTODO), which iCalendar has for them: Google Calendar and most phones leave VTODO
out of subscribed calendars. An event begins when the task is due, does not make its owner busy, and rings at the
reminder's time.
"""

from collections.abc import Sequence
from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from crm.models.task import Task
from crm.services.tasks.make_calendar_token import hash_of
from crm.tasks.calendar import calendar_of
from shared.concurrency.throttling import RateLimited, hit
from shared.http.client_address import client_address
from users.models.user import User

MAX_TASKS = 500
_READS_PER_MINUTE = 30  # of one address on the network: calendars ask every few minutes at most


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
    etag = _etag_of_tasks(tasks)
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


def _etag_of_tasks(tasks: Sequence[Task]) -> str:
    parts = [f"{task.pk}{task.updated_at.isoformat()}{task.customer.name if task.customer else ''}" for task in tasks]
    return f'"{sha256("|".join([settings.SITE_URL, *parts]).encode()).hexdigest()[:32]}"'
