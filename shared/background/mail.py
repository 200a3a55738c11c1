"""Hand an e-mail to the mail server, and tell a refusal that lasts from trouble that passes."""

import re
from email.utils import parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import NoReturn

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

_PERMANENT = range(500, 600)
# Of the answers that begin with 5 these are about our login or the server, not about this e-mail.
_OUR_FAULT = frozenset({530, 534, 535, 538})


class MailRefused(Exception):
    """The server will never take this e-mail; the message says why."""


class MailDelayed(Exception):
    """It was not taken this time: the same e-mail may be sent again."""


class MailUnclear(MailDelayed):
    """The connection broke while the server had it: it may have been taken. Sent again it may arrive twice."""


def send_mail(*, to: str, subject: str, body: str, message_id: str) -> None:
    """Give a plain text to the mail server of EMAIL_URL. Raises MailRefused, MailDelayed or MailUnclear.

    The same `message_id` at every try: a mail program that gets an e-mail twice can tell.
    """
    if _is_made_up(to) and not _is_on_this_machine():
        raise MailRefused("An address of a demo shop: nobody is written to there.")
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    server = _connect_to_server()
    headers = {"Message-ID": f"<{message_id}@{domain}>"}
    message = EmailMessage(subject, body, to=[to], headers=headers, connection=server)
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        _raise_refused(code, answer, error)
    except SMTPResponseException as error:
        _raise_refused(error.smtp_code, error.smtp_error, error)
    except (SMTPException, OSError) as error:
        raise MailUnclear(str(error)[:400] or type(error).__name__) from error
    except ValueError as error:  # a header or address that no e-mail can have
        raise MailRefused(str(error)[:400]) from error
    finally:
        server.close()


def _is_made_up(address: str) -> bool:
    """RFC 2606: nobody can have an address there, and the demo shop's are all of them."""
    domain = address.rpartition("@")[2].lower().rstrip(".")
    return re.search(r"(^|\.)(example(\.(com|net|org))?|test|invalid|localhost)$", domain) is not None


def _is_on_this_machine() -> bool:
    """What takes e-mails here shows them to a developer, or to a test; so does the console."""
    is_server = settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"
    return not is_server or settings.EMAIL_HOST in {"localhost", "127.0.0.1", "::1"}


def _connect_to_server() -> BaseEmailBackend:
    """The mail server, spoken to: what fails until here has sent nothing. Raises MailRefused or MailDelayed."""
    server: BaseEmailBackend = get_connection()
    try:
        server.open()
    except SMTPResponseException as error:
        _raise_refused(error.smtp_code, error.smtp_error, error)
    except (SMTPException, OSError) as error:
        raise MailDelayed(str(error)[:400] or type(error).__name__) from error
    return server


def _raise_refused(code: int, answer: bytes | str, error: Exception) -> NoReturn:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    reason = f"{code} {' '.join(text.split())}"[:400]
    if code in _PERMANENT and code not in _OUR_FAULT:
        raise MailRefused(reason) from error
    raise MailDelayed(reason) from error


class NoMailServer(BaseEmailBackend):
    """In production nothing is sent, and nothing said to be sent, before EMAIL_URL is set."""

    def open(self) -> bool:
        raise OSError("No mail server is set: EMAIL_URL is empty.")

    def send_messages(self, email_messages: object) -> int:
        self.open()
        return 0
