"""Remind colleagues of their tasks: in time, and each morning of the whole day, in their own language.

What is due is marked and its job queued in one transaction, so a reminder is neither lost nor planned twice, whatever
dies; the job then talks to the mail server without any lock. Only a crash between the server's yes and the end of the
job sends one again, with the same Message-ID.
"""

from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.mail.site_address import site_address
from crm.models.deal import Deal
from crm.models.task import Task
from crm.reads.digest import Digest, digest_of
from inventory.models.level import StockLevel
from shared.background.mail import send_mail
from shared.clock import reader_zone
from users.models.user import User


def send_digest(*, user_id: UUID, day: str) -> bool:
    """Send one colleague's digest of the day; False when there is nothing to say, or nobody to say it to.

    Raises MailDelayed (try again) or MailRefused (never).
    """
    # Asked again: they may have left, or said no, since the job was queued.
    user = User.objects.filter(pk=user_id, is_active=True, wants_digest=True).first()
    digest = digest_of(user, date.fromisoformat(day)) if user is not None else Digest()
    if user is None or digest.is_empty:
        return False
    with override(user.language), timezone.override(reader_zone(user.time_zone)):
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
        _format_section(_("Overdue"), [_format_task(task) for task in digest.overdue]),
        _format_section(_("Due today"), [_format_task(task) for task in digest.due_today]),
        _format_section(_("Deals to decide this week"), [_format_deal(deal) for deal in digest.deals]),
        _format_section(
            _("Payments to give back"), [_format_payments(digest.refunds_due)] if digest.refunds_due else []
        ),
        _format_section(_("Low stock"), [_format_level(level) for level in digest.low_stock]),
    ]
    return "\n".join(part for part in parts if part) + f"\n{site_address(reverse('admin:index'))}\n"


def _format_section(title: str, lines: list[str]) -> str:
    return "\n".join([title, *(f"- {line}" for line in lines), ""]) if lines else ""


def _format_task(task: Task) -> str:
    about = f" ({task.customer.name})" if task.customer else ""
    return f"{timezone.localtime(task.due_at):%Y-%m-%d %H:%M} {task.title}{about}"


def _format_deal(deal: Deal) -> str:
    return f"{deal.expected_close} {deal.title} ({deal.customer.name}): {deal.value:,.2f} {deal.currency}"


def _format_payments(number: int) -> str:
    return _("%(n)d that came too late or twice") % {"n": number}


def _format_level(level: StockLevel) -> str:
    text = _("%(sku)s at %(location)s: %(units)s available")
    return text % {"sku": level.variant.sku, "location": level.location, "units": level.available}
