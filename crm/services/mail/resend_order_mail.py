"""Queue an order's e-mail once more."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.models.order_mail import OrderMail, OrderMailStatus
from crm.services.mail.send_order_mails import SEND_JOB
from shared.actor import Actor
from shared.background.enqueue import enqueue
from shared.errors import NotFound, Refusal


class StillQueued(Refusal):
    code = "still_queued"
    title = _("The e-mail is on its way already")


@transaction.atomic
def resend_order_mail(*, mail_id: UUID, actor: Actor) -> OrderMail:
    """Write the e-mail about the same event once more, in today's words, and queue it. Raises NotFound, StillQueued.
    Locks: the first e-mail."""
    first = OrderMail.objects.select_for_update(of=("self",), no_key=True).filter(pk=mail_id).first()
    if first is None:
        raise NotFound(gettext("There is no such e-mail."))
    if first.status == OrderMailStatus.QUEUED:
        raise StillQueued(gettext("This e-mail is still waiting to be sent."))
    again = OrderMail.objects.create(
        order_id=first.order_id, event_id=first.event_id, kind=first.kind, is_resend=True, author_id=actor.user_id
    )
    enqueue(SEND_JOB, mail_ids=[str(again.pk)])
    return again
