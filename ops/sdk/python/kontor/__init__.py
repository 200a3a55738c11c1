"""Kontor's API for Python: typed, sync and async, with retries that never do a thing twice."""

from kontor.client import AsyncKontor, Kontor
from kontor.paging import pages, pages_async
from kontor.problems import InsufficientStock
from kontor.refusals import NotFound, Refused, StaleVersion, Unreachable
from kontor.webhooks import WebhookForged, verify_webhook

__all__ = [
    "AsyncKontor",
    "InsufficientStock",
    "Kontor",
    "NotFound",
    "Refused",
    "StaleVersion",
    "Unreachable",
    "WebhookForged",
    "pages",
    "pages_async",
    "verify_webhook",
]
