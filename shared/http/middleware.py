"""What every request passes: its id, and the rules of everything below /api."""

import re
import time
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from shared.database import time_limit as database_time
from shared.history.signing import begin_request, end_request
from shared.http.areas import count_refused_order, count_request, takes_a_file
from shared.http.client_address import is_trusted_proxy
from shared.http.per_request import begin_keeping, end_keeping
from shared.http.problem_details import CHALLENGE, CONTENT_TYPE, Problem, problem_for_status, write_problem
from shared.ids import new_id

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_KEPT_HEADERS = ("Allow", "WWW-Authenticate", "Retry-After")


class RequestContextMiddleware:
    """Gives the request an id (the caller's X-Request-ID if sane): for its answer, its log, and what it changes; the
    time that the database may keep it waiting; and a memory of what it read. Believes a trusted proxy alone that it
    came over TLS."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "HTTP_X_FORWARDED_PROTO" in request.META and not is_trusted_proxy(request.META.get("REMOTE_ADDR", "")):
            del request.META["HTTP_X_FORWARDED_PROTO"]
        sent = request.headers.get("X-Request-ID", "")
        request_id = sent if _SANE_REQUEST_ID.fullmatch(sent) else str(new_id())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        signature, kept = begin_request(request, request_id), begin_keeping()
        began = time.perf_counter()
        try:
            with database_time.at_most(settings.REQUEST_DATABASE_SECONDS):
                response = self.get_response(request)
        finally:
            end_request(signature)
            end_keeping(kept)
        response["X-Request-ID"] = request_id
        count_request(request, response, began)
        return response


class ApiMiddleware:
    """Below /api: a trailing slash is forgiven, what cannot be read is refused, every error is a problem."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not (request.path_info == "/api" or request.path_info.startswith("/api/")):
            return self.get_response(request)
        request.path_info = request.path_info.removesuffix("/")
        response = self._answer_request(request)
        cookies = request.META.get("HTTP_COOKIE", "")
        if "HTTP_AUTHORIZATION" in request.META or (cookies and settings.SESSION_COOKIE_NAME in cookies):
            response.setdefault("Cache-Control", "no-store")  # it may be for this caller alone
        return response

    def _answer_request(self, request: HttpRequest) -> HttpResponseBase:
        problem = _problem_of_unreadable(request)
        if problem is not None:
            count_refused_order(request)
            return write_problem(request, problem)
        response = self.get_response(request)
        # A protocol of others has its own way to say what is wrong.
        says_itself = response.get("Content-Type") == CONTENT_TYPE or getattr(response, "has_own_errors", False)
        if response.status_code >= 400 and not says_itself:
            return _as_problem(request, response)
        return response


def _problem_of_unreadable(request: HttpRequest) -> Problem | None:
    query = unquote_to_bytes(request.META.get("QUERY_STRING", "").replace("+", " "))
    if b"\0" in query or not _is_utf8(query):
        return problem_for_status(400, "The query string has a NUL character or is not UTF-8.")
    return _problem_of_oversized(request)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _problem_of_oversized(request: HttpRequest) -> Problem | None:
    """Refuse bodies that are larger than the settings say."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        return problem_for_status(400, "The Content-Length is not a number.")
    if length == "0" and "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        return problem_for_status(411, "Send the body with a Content-Length.")
    most = settings.API_MAX_UPLOAD_BYTES if takes_a_file(request.path_info) else settings.API_MAX_BODY_BYTES
    if int(length) <= most:
        return None
    return problem_for_status(413, f"A body may have up to {most:,} bytes.")


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    """Django's own error page, in DEBUG or not, as a problem."""
    answer = write_problem(request, problem_for_status(response.status_code))
    for name in _KEPT_HEADERS:
        if response.has_header(name):
            answer[name] = response[name]
    if answer.status_code == 401 and not answer.has_header("WWW-Authenticate"):
        answer["WWW-Authenticate"] = CHALLENGE
    return answer
