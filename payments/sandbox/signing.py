"""Signatures of webhooks as https://www.standardwebhooks.com has them: HMAC-SHA256 over id, time and body."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping

# Five minutes, as the libraries of Standard Webhooks have it: enough for clocks apart, too little for a replay.
TOLERANCE_SECONDS = 300
_PREFIX = "whsec_"


class SignatureMismatch(Exception):
    pass


def sign(body: bytes, *, event_id: str, timestamp: int, secret: str) -> dict[str, str]:
    """The headers that go with the body."""
    signature = base64.b64encode(_signature_bytes(body, event_id, timestamp, secret)).decode()
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }


def verify(body: bytes, headers: Mapping[str, str], *, secret: str) -> str:
    """The event's id. Several signatures may be given, while the secret is changed. Raises SignatureMismatch."""
    event_id = headers.get("webhook-id", "")
    stamp = headers.get("webhook-timestamp", "")
    # int() also reads digits of other scripts, and any number of them: neither is a time that we signed.
    if not event_id or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 13):
        raise SignatureMismatch("headers are missing")
    if abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
        raise SignatureMismatch("too old, or of the future")
    expected = _signature_bytes(body, event_id, int(stamp), secret)
    for given in headers.get("webhook-signature", "").split():
        version, _comma, text = given.partition(",")
        # Other versions are other algorithms, which may stand beside ours while a sender changes over.
        if version == "v1" and hmac.compare_digest(_decode_secret(text), expected):
            return event_id
    raise SignatureMismatch("no signature fits")


def _signature_bytes(body: bytes, event_id: str, timestamp: int, secret: str) -> bytes:
    return hmac.new(
        _decode_secret(secret.removeprefix(_PREFIX)), b"%s.%d." % (event_id.encode(), timestamp) + body, hashlib.sha256
    ).digest()


def _decode_secret(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text.encode()
