"""Who may keep an answer, and for how long: `Cache-Control` and `Vary` (docs/decisions/stored-answers.md)."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from shared.api.permissions import PublicReads

# Seconds. What is available changes with every order, and placing looks for itself: a page may be behind by as much.
_ANYBODY = "public, max-age=5, stale-while-revalidate=30"
# Kept, but asked for by its ETag before each use.
_CALLER = "private, no-cache"
_SHOWN = (200, 304)
_SIGNED_IN_BY = ("Authorization", "Cookie")


def say_who_may_keep(view: Any, request: Request, response: HttpResponseBase, *, is_tagged: bool) -> None:
    """Anybody what anybody reads, the caller alone what has an ETag or would be another for somebody else. Of the rest
    nothing is said here, and it is kept nowhere where somebody is signed in."""
    if request.method not in SAFE_METHODS or response.status_code not in _SHOWN or "Cache-Control" in response.headers:
        return
    is_public = PublicReads in view.permission_classes
    if is_public or is_tagged:
        shown_to_all = is_public and not request.user.is_authenticated
        response["Cache-Control"] = _ANYBODY if shown_to_all else _CALLER
        patch_vary_headers(response, _SIGNED_IN_BY)
