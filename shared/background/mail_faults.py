"""What may become of an e-mail at the mail server, and what its answers mean."""

from typing import NoReturn

_PERMANENT = range(500, 600)
# Of the answers that begin with 5 these are about our login or the server, not about this e-mail.
_OUR_FAULT = frozenset({530, 534, 535, 538})


class MailRefused(Exception):
    """The server will never take this e-mail; the message says why."""


class SenderRefused(MailRefused):
    """The server takes nothing from us, or not under this sender: that is not about the recipient, and can be set right
    there or in EMAIL_URL and EMAIL_FROM."""


class MailDelayed(Exception):
    """It was not taken this time: the same e-mail may be sent again."""


class MailServerAway(MailDelayed):
    """The server cannot be spoken to: it would take no other e-mail either."""


class MailUnclear(MailDelayed):
    """The connection broke while the server had it: it may have been taken. Sent again it may arrive twice."""


def raise_refused(
    code: int,
    answer: bytes | str,
    error: Exception | None = None,
    *,
    passing: type[MailDelayed] = MailDelayed,
    lasting: type[MailRefused] = MailRefused,
) -> NoReturn:
    """`lasting` for an answer that lasts, else `passing`."""
    if code in _PERMANENT and code not in _OUR_FAULT:
        raise lasting(reason_of(code, answer)) from error
    raise passing(reason_of(code, answer)) from error


def reason_of(code: int, answer: bytes | str) -> str:
    """The server's answer in one line, 400 characters at most."""
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    return f"{code} {' '.join(text.split())}"[:400]


def words_of(error: Exception) -> str:
    """What is kept of an error that is no answer of the server's."""
    return str(error)[:400] or type(error).__name__
