"""Send what write_email has queued."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.mail.consent import agrees_to_marketing
from crm.models.email import Email, EmailStatus
from crm.services.timeline.record_change import record_change
from crm.timeline.lines import CONSENT_WITHDRAWN, EMAIL_NOT_SENT
from shared.actor import SYSTEM
from shared.background.mail import send_mail
from shared.background.mail_faults import MailDelayed, MailRefused
from shared.clock import database_now

MAX_ERROR_LENGTH = 500


@transaction.atomic
def send_email(*, email_id: UUID, is_last_try: bool = False, now: datetime | None = None) -> EmailStatus | None:
    """Send a queued e-mail and say what became of it; None for one that is not there or that another worker sends.

    One that was sent is not sent again, however often this is called. The row is locked while the server is talked to:
    only a crash after the server took it and before this commits leaves it queued, and then it is sent once more,
    with the same Message-ID. Raises MailDelayed when the server is away or busy, unless `is_last_try`.
    Locks: the e-mail.
    """
    locked = Email.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    email = locked.filter(pk=email_id, status=EmailStatus.QUEUED).first()
    if email is None:
        return None
    # Asked again: consent may have been withdrawn since the e-mail was written.
    if email.is_marketing and not agrees_to_marketing(email.customer_id):
        return _mark_failed(email, CONSENT_WITHDRAWN())
    try:
        send_mail(to=email.to, subject=email.subject, body=email.body, message_id=f"email-{email.pk}")
    except MailRefused as error:
        return _mark_failed(email, str(error))
    except MailDelayed as error:
        if not is_last_try:
            raise
        return _mark_failed(email, str(error))
    email.status, email.sent_at, email.error = EmailStatus.SENT, now or database_now(), ""
    email.save(update_fields=["status", "sent_at", "error", "updated_at"])
    return EmailStatus.SENT


def _mark_failed(email: Email, reason: str) -> EmailStatus:
    email.status, email.error = EmailStatus.FAILED, reason[:MAX_ERROR_LENGTH]
    email.save(update_fields=["status", "error", "updated_at"])
    if email.activity_id is not None:  # who reads the timeline must not believe that it arrived
        record_change(
            subject=EMAIL_NOT_SENT(subject=email.subject),
            text=reason,
            actor=SYSTEM,
            customer_id=email.customer_id,
        )
    return EmailStatus.FAILED
