"""Hand e-mails to the mail server, and tell a refusal that lasts from trouble that passes."""

import re
import socket
import ssl
from email.generator import BytesGenerator
from email.message import Message
from email.policy import Compat32
from email.utils import parseaddr
from functools import cache
from io import BytesIO
from smtplib import SMTP, SMTP_SSL, SMTPDataError, SMTPException, SMTPResponseException
from types import TracebackType
from typing import NoReturn

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

_PERMANENT = range(500, 600)
# Of the answers that begin with 5 these are about our login or the server, not about this e-mail.
_OUR_FAULT = frozenset({530, 534, 535, 538})
_HANGS_UP = 421
_TAKEN = frozenset({250, 251})
_SMTP = "django.core.mail.backends.smtp.EmailBackend"


class MailRefused(Exception):
    """The server will never take this e-mail; the message says why."""


class MailDelayed(Exception):
    """It was not taken this time: the same e-mail may be sent again."""


class MailServerAway(MailDelayed):
    """The server cannot be spoken to: it would take no other e-mail either."""


class MailUnclear(MailDelayed):
    """The connection broke while the server had it: it may have been taken. Sent again it may arrive twice."""


class _Gone(Exception):
    """The connection is over, and nothing of this e-mail was taken."""


def send_mail(*, to: str, subject: str, body: str, message_id: str) -> None:
    """Give one plain text to the mail server of EMAIL_URL. Raises what MailServer.send does."""
    with MailServer() as server:
        server.send(to=to, subject=subject, body=body, message_id=message_id)


class MailServer:
    """One connection to the mail server of EMAIL_URL for any number of e-mails.

    SMTP is spoken here and not by Django's backend, which does not say how far it came when a connection breaks: before
    the text was handed over nothing was taken, and a server that closes a connection after so many e-mails loses none.
    """

    def __init__(self) -> None:
        # Not SMTP: the console, and what stands for a server that is not set.
        self._open: SMTP | BaseEmailBackend | None = None
        self._is_used = False

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def send(self, *, to: str, subject: str, body: str, message_id: str) -> None:
        """Give it a plain text. Raises MailRefused, MailDelayed, MailServerAway or MailUnclear.

        The same `message_id` at every try: a mail program that gets an e-mail twice can tell.
        """
        if _is_made_up(to) and not _is_on_this_machine():
            raise MailRefused("An address of a demo shop: nobody is written to there.")
        try:
            email = EmailMessage(subject, body, to=[to], headers={"Message-ID": f"<{message_id}@{_domain()}>"})
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
                raise MailDelayed(_words_of(error)) from error
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

    def _connected(self) -> SMTP | BaseEmailBackend:
        """What fails until here has sent nothing. Raises MailRefused or MailServerAway."""
        if self._open is not None:
            return self._open
        there: SMTP | BaseEmailBackend
        try:
            if settings.EMAIL_BACKEND == _SMTP:
                there = _open_smtp()
            else:
                there = get_connection()
                there.open()
        except SMTPResponseException as error:
            _raise_refused(error.smtp_code, error.smtp_error, error, passing=MailServerAway)
        except (SMTPException, OSError) as error:
            raise MailServerAway(_words_of(error)) from error
        self._open = there
        return there

    def _hand_over_anew(self, smtp: SMTP, message: Message) -> None:
        try:
            self._hand_over(smtp, message)
        except _Gone as error:
            raise MailDelayed(_words_of(error)) from error

    def _hand_over(self, smtp: SMTP, message: Message) -> None:
        """Raises MailRefused, MailDelayed or MailUnclear; _Gone where the connection ended before the text."""
        answer: bytes | str
        try:
            for command, named in ((smtp.mail, "From"), (smtp.rcpt, "To")):
                code, answer = command(str(message[named]))
                if code not in _TAKEN:
                    self._turned_down(smtp, code, answer)
        except (SMTPException, OSError) as error:
            self._drop(smtp)
            raise _Gone(_words_of(error)) from error
        try:
            code, answer = smtp.data(_as_bytes(message))
        except SMTPDataError as error:  # it does not even want to see the text
            code, answer = error.smtp_code, error.smtp_error
        except (SMTPException, OSError) as error:
            self._drop(smtp)
            raise MailUnclear(_words_of(error)) from error
        if code not in _TAKEN:
            self._turned_down(smtp, code, answer)
        self._is_used = True

    def _turned_down(self, smtp: SMTP, code: int, answer: bytes | str) -> NoReturn:
        """This e-mail is not taken; the next one begins anew, on this connection if it goes on."""
        if code == _HANGS_UP:
            self._drop(smtp)
            raise _Gone(_reason(code, answer))
        try:
            smtp.rset()
        except (SMTPException, OSError):
            self._drop(smtp)
        _raise_refused(code, answer)

    def _drop(self, smtp: SMTP) -> None:
        smtp.close()
        self._open, self._is_used = None, False


def _open_smtp() -> SMTP:
    """Greeted, encrypted and signed in, as EMAIL_URL says. Raises SMTPException or OSError."""
    named, timeout = (settings.EMAIL_HOST, settings.EMAIL_PORT), float(settings.EMAIL_TIMEOUT or 10)
    if settings.EMAIL_USE_SSL:
        smtp: SMTP = SMTP_SSL(*named, local_hostname=_this_machine(), timeout=timeout, context=_tls())
    else:
        smtp = SMTP(*named, local_hostname=_this_machine(), timeout=timeout)
    try:
        if settings.EMAIL_USE_TLS:
            smtp.starttls(context=_tls())
        if settings.EMAIL_HOST_USER and settings.EMAIL_HOST_PASSWORD:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        smtp.ehlo_or_helo_if_needed()
    except BaseException:
        smtp.close()
        raise
    return smtp


@cache
def _tls() -> ssl.SSLContext:
    """What this machine trusts: reading it takes as long as thirty e-mails."""
    return ssl.create_default_context()


@cache
def _this_machine() -> str:
    """How it greets: looked up once, for that may ask a name server."""
    return socket.getfqdn()


class _AsWritten(Compat32):
    """Headers as Django has encoded and folded them already: doing so again was a fifth of an e-mail's time."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}\n".replace("\n", self.linesep).encode("ascii", "surrogateescape")


_WIRE = _AsWritten(linesep="\r\n")


def _as_bytes(message: Message) -> bytes:
    text = BytesIO()
    BytesGenerator(text, mangle_from_=False, policy=_WIRE).flatten(message)
    return text.getvalue()


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _print_out(other: BaseEmailBackend, email: EmailMessage) -> None:
    try:
        other.send_messages([email])
    except (SMTPException, OSError) as error:
        raise MailUnclear(_words_of(error)) from error


def _is_made_up(address: str) -> bool:
    """RFC 2606: nobody can have an address there, and the demo shop's are all of them."""
    domain = address.rpartition("@")[2].lower().rstrip(".")
    return re.search(r"(^|\.)(example(\.(com|net|org))?|test|invalid|localhost)$", domain) is not None


def _is_on_this_machine() -> bool:
    """What takes e-mails here shows them to a developer, or to a test; so does the console."""
    return settings.EMAIL_BACKEND != _SMTP or settings.EMAIL_HOST in {"localhost", "127.0.0.1", "::1"}


def _raise_refused(
    code: int, answer: bytes | str, error: Exception | None = None, passing: type[MailDelayed] = MailDelayed
) -> NoReturn:
    if code in _PERMANENT and code not in _OUR_FAULT:
        raise MailRefused(_reason(code, answer)) from error
    raise passing(_reason(code, answer)) from error


def _reason(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    return f"{code} {' '.join(text.split())}"[:400]


def _words_of(error: Exception) -> str:
    return str(error)[:400] or type(error).__name__


class NoMailServer(BaseEmailBackend):
    """In production nothing is sent, and nothing said to be sent, before EMAIL_URL is set."""

    def open(self) -> bool:
        raise OSError("No mail server is set: EMAIL_URL is empty.")

    def send_messages(self, email_messages: object) -> int:
        self.open()
        return 0
