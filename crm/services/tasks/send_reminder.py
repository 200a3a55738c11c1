"""Remind a colleague of one task."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.mail.site_address import site_address
from crm.models.task import Task
from shared.background.mail import send_mail
from shared.clock import in_zone, reader_zone
from users.models.user import User


def send_reminder(*, task_id: UUID, at: str) -> bool:
    """Send one task's reminder; False when the task is done, gone, planned anew or nobody's at work.

    Raises MailDelayed (try again) or MailRefused (never).
    """
    rows = Task.objects.select_related("assignee", "customer").filter(pk=task_id, done_at=None)
    task = rows.first()
    if task is None or task.assignee is None or not task.assignee.is_active or str(task.reminder_at) != at:
        return False
    with override(task.assignee.language):
        about = f"\n{_('Customer')}: {task.customer.name}" if task.customer else ""
        due = f"\n{_('Due')}: {_due_text(task.due_at, task.assignee)}" if task.due_at else ""
        subject = _("Reminder: %(task)s") % {"task": " ".join(task.title.split())}
    address = site_address(reverse("admin:crm_task_change", args=[task.pk]))
    send_mail(
        to=task.assignee.email,
        subject=subject,
        body=f"{task.title}\n{due}{about}\n{address}\n",
        message_id=f"reminder-{task.pk}-{datetime.fromisoformat(at):%Y%m%d%H%M%S}",
    )
    return True


def _due_text(due_at: datetime, reader: User) -> str:
    """In the zone of whoever reads it, which is named: 2026-11-30 14:05 EET."""
    return f"{in_zone(due_at, reader_zone(reader.time_zone)):%Y-%m-%d %H:%M %Z}"
