"""The way to the mail server: a connection to it, and an e-mail as it goes over the wire."""

import socket
import ssl
from email.generator import BytesGenerator
from email.message import Message
from email.policy import Compat32
from functools import cache
from io import BytesIO
from smtplib import SMTP, SMTP_SSL

from django.conf import settings


def open_smtp(seconds: float | None = None) -> SMTP:
    """Greeted, encrypted and signed in, as EMAIL_URL says. `seconds` for each answer, in place of EMAIL_TIMEOUT.
    Raises SMTPException or OSError."""
    named, timeout = (settings.EMAIL_HOST, settings.EMAIL_PORT), seconds or float(settings.EMAIL_TIMEOUT or 10)
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


def as_bytes(message: Message) -> bytes:
    text = BytesIO()
    BytesGenerator(text, mangle_from_=False, policy=_WIRE).flatten(message)
    return text.getvalue()
