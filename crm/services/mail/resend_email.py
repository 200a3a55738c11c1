"""Queue an e-mail once more that could not be sent."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.models.email import Email, EmailStatus
from crm.services.mail.write_email import SEND_JOB
from shared.background.enqueue import enqueue
from shared.errors import NotFound, Refusal


class NotFailed(Refusal):
    code = "not_failed"
    title = _("Only an e-mail that could not be sent is sent again")


@transaction.atomic
def send_again(*, email_id: UUID) -> Email:
    """Queue an e-mail once more that could not be sent. Raises NotFound, NotFailed. Locks: the e-mail."""
    email = Email.objects.select_for_update(of=("self",), no_key=True).filter(pk=email_id).first()
    if email is None:
        raise NotFound(gettext("There is no such e-mail."))
    if email.status != EmailStatus.FAILED:
        raise NotFailed(gettext("This e-mail is %(status)s.") % {"status": str(email.get_status_display()).lower()})
    email.status, email.error = EmailStatus.QUEUED, ""
    email.save(update_fields=["status", "error", "updated_at"])
    enqueue(SEND_JOB, email_id=str(email.pk))
    return email
