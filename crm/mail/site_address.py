"""Addresses of the shop's own pages, as e-mails name them."""

from django.conf import settings


def site_address(path: str) -> str:
    """Where a link in an e-mail leads: SITE_URL, for a job has no request to tell."""
    return f"{settings.SITE_URL.rstrip('/')}{path}" if settings.SITE_URL else ""
