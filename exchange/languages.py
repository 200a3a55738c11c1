"""A job speaks the language of whoever asked for it; headers and choices are understood in all languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext, override

DEFAULT = "en"


def asked_in() -> str:
    """The language of the page that queues a job: the job's texts are kept, and read by that colleague."""
    return get_language() or DEFAULT


@contextmanager
def speaking(language: str) -> Iterator[None]:
    with override(language if language in dict(settings.LANGUAGES) else DEFAULT):
        yield


def in_every_language(text: Any) -> Iterator[str]:
    """A marked text, lazy or not, as files in any of our languages have it."""
    for language in dict(settings.LANGUAGES):
        with override(language):
            yield gettext(str(text)) if isinstance(text, str) else str(text)
