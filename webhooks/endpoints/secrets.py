"""Signing secrets: encrypted where they are kept, and what is signed with them (Standard Webhooks 1.0)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from webhooks.models.endpoint import Endpoint

PREFIX: Final = "whsec_"
# How long the secret before a rotation signs as well.
BOTH_SIGN: Final = timedelta(hours=24)
# So many that were rotated out sign at a time: a header has room for them, and nobody needs more in a day.
MOST_ROTATED_OUT: Final = 5
_BYTES = 32
_SIGNED_LATELY: Final = timedelta(minutes=5)


class SecretUnreadable(Exception):
    """It was encrypted with another SECRET_KEY."""


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def seal(secret: str) -> str:
    """As it is kept."""
    return _cipher().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """As it was given out. Raises SecretUnreadable."""
    try:
        return _cipher().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadable from error


def signing_secrets(endpoint: Endpoint, *, now: datetime) -> list[str]:
    """Those that sign now, the newest first. Raises SecretUnreadable."""
    return [unseal(one) for one in (endpoint.secret, *(sealed for sealed, _until in rotated_out(endpoint, now=now)))]


def rotated_out(endpoint: Endpoint, *, now: datetime) -> list[tuple[str, datetime]]:
    """The secrets before the present one that still sign, as they are kept and until when; the newest first."""
    older = [(sealed, datetime.fromisoformat(until)) for sealed, until in endpoint.older_secrets]
    previous = [] if endpoint.previous_until is None else [(endpoint.previous_secret, endpoint.previous_until)]
    return [(sealed, until) for sealed, until in (*previous, *older) if now < until]


def signature_headers(*, message_id: str, body: bytes, secrets_used: Iterable[str], at: int) -> dict[str, str]:
    """`at`: Unix time, seconds; every try is signed anew, for receivers refuse what is older than some minutes."""
    signed = f"{message_id}.{at}.".encode() + body
    signatures = [_signature(secret, signed) for secret in secrets_used]
    return {"webhook-id": message_id, "webhook-timestamp": str(at), "webhook-signature": " ".join(signatures)}


def is_signed(secret: str, *, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether a delivery (headers by their names in lower case) is ours: signed with the secret, some minutes ago at
    most. Raises ValueError for what is no secret."""
    message_id, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not at.isdecimal() or abs(now - int(at)) > _SIGNED_LATELY.total_seconds():
        return False
    expected = _signature(secret, f"{message_id}.{at}.".encode() + body).encode()
    given = headers.get("webhook-signature", "").encode().split()
    return any(hmac.compare_digest(expected, one) for one in given)


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _cipher() -> MultiFernet:
    """SECRET_KEY's cipher, and those of keys that are only read with, so that SECRET_KEY can be changed."""
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"kontor webhook secrets")
    return base64.urlsafe_b64encode(derivation.derive(key.encode()))
