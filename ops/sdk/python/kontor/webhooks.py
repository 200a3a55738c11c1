"""Is it Kontor that sent this? Standard Webhooks 1.0: HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any


class WebhookForged(Exception):
    """Not signed with the secret, or too old or too new."""


def verify_webhook(secret: str, headers: Mapping[str, str], body: bytes, *, tolerance: float = 300.0) -> dict[str, Any]:
    """The event in `body`. `secret` is the endpoint's, `whsec_…`; `tolerance` is seconds. Raises WebhookForged.

    Events may come twice: keep the ids (`event["id"]`) of those that were handled.
    """
    given = {name.lower(): value for name, value in headers.items()}
    sent_at = given.get("webhook-timestamp", "")
    if not (sent_at.isascii() and sent_at.isdigit()) or abs(time.time() - int(sent_at)) > tolerance:
        raise WebhookForged("The time is missing, or too far from now.")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join([given.get("webhook-id", "").encode(), sent_at.encode(), body])
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    signatures = [each.partition(",") for each in given.get("webhook-signature", "").split()]
    if not any(kind == "v1" and hmac.compare_digest(value.encode(), expected) for kind, _, value in signatures):
        raise WebhookForged("No signature fits.")
    event: dict[str, Any] = json.loads(body)
    return event
