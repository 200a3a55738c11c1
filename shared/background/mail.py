"""Hand e-mails to the mail server, and tell a refusal that lasts from trouble that passes."""

import re
from email.message import Message
from email.utils import formataddr, parseaddr
from smtplib import SMTP, SMTPDataError, SMTPException, SMTPResponseException
from types import TracebackType
from typing import NoReturn

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from shared.background.mail_faults import (
    MailDelayed,
    MailRefused,
    MailServerAway,
    MailUnclear,
    SenderRefused,
    raise_refused,
    reason_of,
    words_of,
)
from shared.background.smtp import as_bytes, open_smtp
from shared.shop_values import shop_values

_HANGS_UP = 421
_TAKEN = frozenset({250, 251})
_SMTP = "django.core.mail.backends.smtp.EmailBackend"


class _Gone(Exception):
    """The connection is over, and nothing of this e-mail was taken."""


def send_mail(*, to: str, subject: str, body: str, message_id: str, timeout: float | None = None) -> None:
    """Give one plain text to the mail server of EMAIL_URL. Raises what MailServer.send does. `timeout`: seconds for
    each of its answers; unset, EMAIL_TIMEOUT."""
    with MailServer(timeout=timeout) as server:
        server.send(to=to, subject=subject, body=body, message_id=message_id)


class MailServer:
    """One connection to the mail server of EMAIL_URL for any number of e-mails.

    SMTP is spoken here and not by Django's backend, which does not say how far it came when a connection breaks: before
    the text was handed over nothing was taken, and a server that closes a connection after so many e-mails loses none.
    """

    def __init__(self, *, timeout: float | None = None) -> None:
        self._timeout = timeout
        # Not SMTP: the console, and what stands for a server that is not set.
        self._open: SMTP | BaseEmailBackend | None = None
        self._is_used = False
        self._sender: str | None = None

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def connect(self) -> None:
        """Before anything is promised of an e-mail: what `send` needs besides is asked for here. Raises SenderRefused
        or MailServerAway."""
        self._from()
        self._connected()

    def send(self, *, to: str, subject: str, body: str, message_id: str) -> None:
        """Give it a plain text. Raises MailRefused, MailDelayed, MailServerAway or MailUnclear.

        The same `message_id` at every try: a mail program that gets an e-mail twice can tell.
        """
        if not may_be_written_to(to):
            raise MailRefused("An address of a demo shop: nobody is written to there.")
        try:
            email = EmailMessage(
                subject, body, self._from(), [to], headers={"Message-ID": f"<{message_id}@{_domain()}>"}
            )
            message = email.message()
        except ValueError as error:  # a header or address that no e-mail can have
            raise MailRefused(str(error)[:400]) from error
        was_used, there = self._is_used, self._connected()
        if isinstance(there, BaseEmailBackend):
            _print_out(there, email)
            return
        try:
            self._hand_over(there, message)
        except _Gone as error:
            # After so many e-mails, or while nobody spoke: this one is the first on the next connection.
            again = self._connected() if was_used else None
            if not isinstance(again, SMTP):
                raise MailDelayed(words_of(error)) from error
            self._hand_over_anew(again, message)

    def close(self) -> None:
        """Say goodbye, if anybody listens."""
        there, self._open, self._is_used = self._open, None, False
        if isinstance(there, BaseEmailBackend):
            there.close()
        elif there is not None:
            try:
                there.quit()
            except (SMTPException, OSError):
                there.close()

    def _from(self) -> str:
        """Under the shop's name, where it has one. Asked once a connection."""
        if self._sender is None:
            name, address = shop_values().name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
            self._sender = formataddr((name, address)) if name and address else settings.DEFAULT_FROM_EMAIL
        return self._sender

    def _connected(self) -> SMTP | BaseEmailBackend:
        """What fails until here has sent nothing. Raises SenderRefused or MailServerAway."""
        if self._open is not None:
            return self._open
        there: SMTP | BaseEmailBackend
        try:
            if settings.EMAIL_BACKEND == _SMTP:
                there = open_smtp(self._timeout)
            else:
                there = get_connection()
                there.open()
        except SMTPResponseException as error:
            raise_refused(error.smtp_code, error.smtp_error, error, passing=MailServerAway, lasting=SenderRefused)
        except Exception as error:  # also a host or password that no connection can be made with
            raise MailServerAway(words_of(error)) from error
        self._open = there
        return there

    def _hand_over_anew(self, smtp: SMTP, message: Message) -> None:
        try:
            self._hand_over(smtp, message)
        except _Gone as error:
            raise MailDelayed(words_of(error)) from error

    def _hand_over(self, smtp: SMTP, message: Message) -> None:
        """Raises MailRefused, MailDelayed or MailUnclear; _Gone where the connection ended before the text."""
        answer: bytes | str
        try:
            for command, named, lasting in ((smtp.mail, "From", SenderRefused), (smtp.rcpt, "To", MailRefused)):
                code, answer = command(str(message[named]))
                if code not in _TAKEN:
                    self._turned_down(smtp, code, answer, lasting)
        except (SMTPException, OSError) as error:
            self._drop(smtp)
            raise _Gone(words_of(error)) from error
        try:
            code, answer = smtp.data(as_bytes(message))
        except SMTPDataError as error:  # it does not even want to see the text
            code, answer = error.smtp_code, error.smtp_error
        except (SMTPException, OSError) as error:
            self._drop(smtp)
            raise MailUnclear(words_of(error)) from error
        if code not in _TAKEN:
            self._turned_down(smtp, code, answer)
        self._is_used = True

    def _turned_down(
        self, smtp: SMTP, code: int, answer: bytes | str, lasting: type[MailRefused] = MailRefused
    ) -> NoReturn:
        """This e-mail is not taken; the next one begins anew, on this connection if it goes on."""
        if code == _HANGS_UP:
            self._drop(smtp)
            raise _Gone(reason_of(code, answer))
        try:
            smtp.rset()
        except (SMTPException, OSError):
            self._drop(smtp)
        raise_refused(code, answer, lasting=lasting)

    def _drop(self, smtp: SMTP) -> None:
        smtp.close()
        self._open, self._is_used = None, False


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _print_out(other: BaseEmailBackend, email: EmailMessage) -> None:
    try:
        other.send_messages([email])
    except (SMTPException, OSError) as error:
        raise MailUnclear(words_of(error)) from error


def may_be_written_to(address: str) -> bool:
    """Not if it is made up, but where e-mails stay on this machine."""
    return _is_on_this_machine() or not _is_made_up(address)


def _is_made_up(address: str) -> bool:
    """RFC 2606: nobody can have an address there, and the demo shop's are all of them."""
    domain = address.rpartition("@")[2].lower().rstrip(".")
    return re.search(r"(^|\.)(example(\.(com|net|org))?|test|invalid|localhost)$", domain) is not None


def _is_on_this_machine() -> bool:
    """What takes e-mails here shows them to a developer, or to a test; so does the console."""
    return settings.EMAIL_BACKEND != _SMTP or settings.EMAIL_HOST in {"localhost", "127.0.0.1", "::1"}


class NoMailServer(BaseEmailBackend):
    """In production nothing is sent, and nothing said to be sent, before EMAIL_URL is set."""

    def open(self) -> bool:
        raise OSError("No mail server is set: EMAIL_URL is empty.")

    def send_messages(self, email_messages: object) -> int:
        self.open()
        return 0
