"""What is answered when an exception reached Django itself: a database that is away is no fault of the page."""

import sys

import structlog
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

from shared.database.errors import refusal_for
from shared.errors import Unavailable

log = structlog.get_logger("kontor.pages")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: a 503 with Retry-After while the database is away or busy, else its own page. Below /api
    ApiMiddleware makes a problem of either."""
    error = sys.exc_info()[1]
    refusal = refusal_for(error) if isinstance(error, Error) else None
    if not isinstance(refusal, Unavailable):
        return defaults.server_error(request)
    log.warning("request_refused", code=refusal.code, method=request.method, path=request.path, detail=str(error))
    page = {"title": refusal.title, "detail": refusal.detail}
    response = render(request, "503.html", page, status=refusal.status)
    response["Retry-After"] = str(refusal.retry_after_seconds)
    response._has_been_logged = True  # type: ignore[attr-defined] # Django's own line would be a traceback of pages
    return response
