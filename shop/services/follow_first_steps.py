"""What the list of first steps keeps of the shop. None of it is what the shop says of itself, so its version stays."""

from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.background.mail import send_mail
from shared.background.mail_faults import MailDelayed, MailRefused, MailServerAway, MailUnclear
from shared.errors import Refusal
from shared.ids import new_id
from shop.current import shop_changed
from shop.models.shop import Shop
from shop.services.ensure_shop import ensure_shop

_TEST_SECONDS = 4.0  # a page waits for each answer of the mail server
_SMTP = "django.core.mail.backends.smtp.EmailBackend"


class NoMail(Refusal):
    code = "no_mail"
    title = _("No e-mail can be sent")


def dismiss_checklist() -> None:
    """Nobody is shown the first steps any more."""
    _set(is_checklist_dismissed=True)


def show_checklist() -> None:
    """Whoever may change the shop is shown the first steps again, as long as one is left to do."""
    _set(is_checklist_dismissed=False)


def send_test_mail(*, to: str, request_id: UUID | None = None) -> None:
    """Hand a short e-mail to the mail server, and note that it took it. Raises NoMail with the server's words."""
    if settings.EMAIL_BACKEND != _SMTP:
        raise NoMail(gettext("No mail server is set: name one in the variable EMAIL_URL and start Kontor again."))
    subject, body = gettext("A test of Kontor's e-mails"), gettext("If you can read this, e-mails of the shop arrive.")
    try:
        send_mail(to=to, subject=subject, body=body, message_id=str(request_id or new_id()), timeout=_TEST_SECONDS)
    except (MailRefused, MailDelayed, MailServerAway, MailUnclear) as error:
        raise NoMail(gettext("The mail server does not take e-mails: %(reason)s") % {"reason": error}) from error
    _set(mail_worked_at=Now())


def _set(**columns: object) -> None:
    Shop.objects.filter(pk=ensure_shop().pk).update(**columns)
    shop_changed()
