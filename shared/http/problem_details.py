"""RFC 9457: every error below /api is one `application/problem+json` object, whoever raised it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import structlog
from django.core import exceptions as django_errors
from django.db import Error as AnyDatabaseError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from rest_framework import exceptions as drf
from rest_framework.request import Request
from rest_framework.response import Response

from shared.database.errors import refusal_for
from shared.errors import Refusal, and_more
from shared.http.faults import list_faults

log = structlog.get_logger("kontor.api")

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "/api/problems/"
CHALLENGE = 'Bearer realm="api"'

CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    411: "length_required",
    413: "too_large",
    415: "unsupported_media_type",
    429: "rate_limited",
    500: "internal_error",
    503: "unavailable",
}
_SERVER_FAULT = "Something went wrong on our side; it has been logged under the request id in X-Request-ID."


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, ready to be written. `extra` holds members beyond the standard ones."""

    status: int
    code: str
    title: str
    detail: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, instance: str) -> dict[str, Any]:
        """The JSON object; `instance` is the path that was asked for."""
        return {
            "type": f"{TYPE_PREFIX}{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "code": self.code,
            **self.extra,
        }


def problem_for_status(status: int, detail: str = "", **extra: Any) -> Problem:
    """The problem that says no more than an HTTP status does."""
    title = HTTPStatus(status).phrase
    return Problem(status, CODES.get(status, f"http_{status}"), title, detail or f"{title}.", extra)


def problem_for(error: Exception) -> Problem:
    """The problem an exception means; one that nobody foresaw is a 500."""
    if isinstance(error, AnyDatabaseError) and not isinstance(error, ProtectedError | RestrictedError):
        error = refusal_for(error) or error
    if isinstance(error, Refusal):
        return _of_refusal(error)
    if isinstance(error, drf.ValidationError):
        return _of_faults(error.detail)
    if isinstance(error, drf.APIException):
        return _of_drf(error)
    return _of_django(error)


def _of_refusal(error: Refusal) -> Problem:
    headers = {}
    retry_after = getattr(error, "retry_after_seconds", None)
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Problem(error.status, error.code, str(error.title), error.detail, error.data, headers)


def _of_faults(detail: Any) -> Problem:
    errors, more = list_faults(detail)
    texts = [f"{e['pointer']}: {e['detail']}".removeprefix(": ") for e in errors[:5]]
    return Problem(400, CODES[400], "Invalid input", " ".join(texts + and_more(more)), {"errors": errors})


def _of_drf(error: drf.APIException) -> Problem:
    status = error.status_code
    code = CODES.get(status, "error")
    detail = error.detail
    first = detail.get("detail", "") if isinstance(detail, dict) else detail
    if isinstance(error, drf.AuthenticationFailed):
        code = "authentication_failed"
    elif status == 403 and getattr(first, "code", "permission_denied") != "permission_denied":
        code = str(first.code)  # type: ignore[union-attr]
    return Problem(status, code, HTTPStatus(status).phrase, str(first))


# First match counts. What is missing here nobody foresaw: a 500.
_OF_DJANGO: tuple[tuple[tuple[type[Exception], ...], int, str], ...] = (
    ((Http404, django_errors.ObjectDoesNotExist), 404, "There is nothing here, or nothing that you may see."),
    ((django_errors.RequestDataTooBig,), 413, ""),
    ((ProtectedError, RestrictedError), 409, "Other records point at this one."),
    (
        (django_errors.SuspiciousOperation, django_errors.BadRequest, UnreadablePostError),
        400,
        "The request could not be read.",
    ),
)


def _of_django(error: Exception) -> Problem:
    if isinstance(error, django_errors.ValidationError):
        return _of_faults(error.messages)
    if isinstance(error, django_errors.PermissionDenied):
        return problem_for_status(403, str(error))
    for kinds, status, detail in _OF_DJANGO:
        if isinstance(error, kinds):
            return problem_for_status(status, detail)
    return problem_for_status(500, _SERVER_FAULT)


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's EXCEPTION_HANDLER: answers every exception of a view, so none reaches Django's HTML pages."""
    problem = problem_for(error)
    request: Request = context["request"]
    _log_problem(problem, request, error)
    error.with_traceback(None)  # its frames hold what was tried, and that its refusal: a circle that nobody needs now
    headers = dict(problem.headers)
    if problem.status == 401:
        headers["WWW-Authenticate"] = getattr(error, "auth_header", None) or CHALLENGE
    return Response(problem.body(request.path), problem.status, headers=headers, content_type=CONTENT_TYPE)


def _log_problem(problem: Problem, request: Request, error: Exception) -> None:
    facts = {"code": problem.code, "status": problem.status, "method": request.method, "path": request.path}
    if problem.status == 503:  # expected: one line, with what PostgreSQL or a provider said
        cause = error.__cause__ or error
        why = f"{type(cause).__name__}: {' '.join(str(cause).split())[:300]}"
        log.warning("request_refused", **facts, detail=problem.detail, cause=why)
    elif problem.status >= 500:
        log.error("request_failed", **facts, exc_info=error)
    else:
        log.info("request_refused", **facts, detail=problem.detail)


def write_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The answer for what fails outside of a DRF view."""
    body = problem.body(request.path)
    return JsonResponse(body, status=problem.status, content_type=CONTENT_TYPE, headers=dict(problem.headers))
