"""EMAIL_URL as Django's settings: smtp://user:password@host:587 (STARTTLS), smtps://… (TLS from the start), console:"""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_BACKENDS = "django.core.mail.backends"


def email_settings(url: str, *, is_prod: bool) -> dict[str, Any]:
    """EMAIL_BACKEND and what it needs. Unset: printed to the console, and in prod nothing is sent.

    `smtp://…?tls=0` speaks without STARTTLS, for a server beside us. Raises ImproperlyConfigured.
    """
    if not url:
        backend = "shared.background.mail.NoMailServer" if is_prod else f"{_BACKENDS}.console.EmailBackend"
        return {"EMAIL_BACKEND": backend}
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"EMAIL_URL: {error}.") from error
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": f"{_BACKENDS}.console.EmailBackend"}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL: smtp://user:password@host:587, smtps://user:password@host, or console:")
    return {
        "EMAIL_BACKEND": f"{_BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and parts.query != "tls=0",
        "EMAIL_TIMEOUT": 10,
    }
