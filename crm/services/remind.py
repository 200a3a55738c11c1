"""Remind colleagues of their tasks: in time, and each morning of the whole day, in their own language.

What is due is marked and its job queued in one transaction, so a reminder is neither lost nor planned twice, whatever
dies; the job then talks to the mail server without any lock. Only a crash between the server's yes and the end of the
job sends one again, with the same Message-ID.
"""

from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.models.stock_level import StockLevel
from crm.models.deal import Deal
from crm.models.task import Task
from crm.queries.digest import Digest, digest_of
from shared.clock import database_now
from shared.enqueue import enqueue
from shared.mail import send_mail
from users.models.user import User

REMINDER_JOB = "crm.send_reminder"
DIGEST_JOB = "crm.send_digest"
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
                    enqueue(REMINDER_JOB, task_id=str(task.pk), at=str(task.reminder_at))
                    queued += 1
        if len(due) < BATCH:
            return queued


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
        due = f"\n{_('Due')}: {task.due_at:%Y-%m-%d %H:%M} UTC" if task.due_at else ""
        subject = _("Reminder: %(task)s") % {"task": " ".join(task.title.split())}
    address = _address(reverse("admin:crm_task_change", args=[task.pk]))
    send_mail(
        to=task.assignee.email,
        subject=subject,
        body=f"{task.title}\n{due}{about}\n{address}\n",
        message_id=f"reminder-{task.pk}-{datetime.fromisoformat(at):%Y%m%d%H%M%S}",
    )
    return True


def queue_digests(*, now: datetime | None = None) -> int:
    """Queue today's digest for every colleague at work who wants one and has none yet; how many.

    Locks: the users that nobody else has locked.
    """
    moment = now or database_now()
    day = moment.astimezone(UTC).date()
    wanting = Q(is_active=True, is_staff=True, wants_digest=True) & (Q(digest_sent_on=None) | Q(digest_sent_on__lt=day))
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        keys = list(locked.filter(wanting).values_list("pk", flat=True))
        User.objects.filter(pk__in=keys).update(digest_sent_on=day)
        for key in keys:
            enqueue(DIGEST_JOB, user_id=str(key), day=f"{day}")
    return len(keys)


def send_digest(*, user_id: UUID, day: str) -> bool:
    """Send one colleague's digest of the day; False when there is nothing to say, or nobody to say it to.

    Raises MailDelayed (try again) or MailRefused (never).
    """
    user = User.objects.filter(pk=user_id, is_active=True, wants_digest=True).first()
    date = datetime.fromisoformat(day).replace(tzinfo=UTC)
    digest = digest_of(user, date) if user is not None else Digest()
    if user is None or digest.is_empty:
        return False
    with override(user.language):
        subject, body = _("Your day in Kontor, %(day)s") % {"day": day}, _text_of(digest)
    send_mail(
        to=user.email,
        subject=subject,
        body=body,
        message_id=f"digest-{user.pk}-{day}",
    )
    return True


def _text_of(digest: Digest) -> str:
    parts = [
        _section(_("Overdue"), [_task(task) for task in digest.overdue]),
        _section(_("Due today"), [_task(task) for task in digest.due_today]),
        _section(_("Deals to decide this week"), [_deal(deal) for deal in digest.deals]),
        _section(_("Payments to give back"), [_payments(digest.refunds_due)] if digest.refunds_due else []),
        _section(_("Low stock"), [_level(level) for level in digest.low_stock]),
    ]
    return "\n".join(part for part in parts if part) + f"\n{_address(reverse('admin:index'))}\n"


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([title, *(f"- {line}" for line in lines), ""]) if lines else ""


def _task(task: Task) -> str:
    about = f" ({task.customer.name})" if task.customer else ""
    return f"{task.due_at:%Y-%m-%d %H:%M} {task.title}{about}"


def _deal(deal: Deal) -> str:
    return f"{deal.expected_close} {deal.title} ({deal.customer.name}): {deal.value:,.2f} {deal.currency}"


def _payments(number: int) -> str:
    return _("%(n)d that came too late or twice") % {"n": number}


def _level(level: StockLevel) -> str:
    text = _("%(sku)s at %(location)s: %(units)s available")
    return text % {"sku": level.variant.sku, "location": level.location, "units": level.available}


def _address(path: str) -> str:
    """Where a link in an e-mail leads: SITE_URL, for a job has no request to tell."""
    return f"{settings.SITE_URL.rstrip('/')}{path}" if settings.SITE_URL else ""
