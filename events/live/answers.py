"""What is answered before a stream, or instead of one."""

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
import structlog
from django.conf import settings
from django.http.request import validate_host
from rest_framework.exceptions import APIException

from events.live.connection import Head
from shared.http.problem_details import CHALLENGE, CONTENT_TYPE, Problem, problem_for

log = structlog.get_logger("kontor.live")

# Without a length, so it ends with the connection: a proxy passes it on as it comes (nginx holds back otherwise).
_STREAM: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-store\r\n"
    b"X-Accel-Buffering: no\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n"
)


def stream_head(head: Head, *, public: bool = False) -> bytes:
    return _STREAM + _lines(cors_of(head, public=public)) + b"\r\n"


def problem_of(error: Exception, path: str) -> tuple[Problem, dict[str, str]]:
    """What the API would answer, with its headers."""
    problem = problem_for(error)
    headers = dict(problem.headers)
    if problem.status == 401:
        headers["WWW-Authenticate"] = CHALLENGE
    if problem.status >= 500 and not isinstance(error, APIException):
        log.warning("live_refused", path=path, code=problem.code, exc_info=error if problem.status == 500 else None)
    return problem, headers


def answer(status: int, body: bytes, headers: dict[str, str]) -> bytes:
    """A whole answer, and the last one of its connection."""
    lines = {**headers, "Content-Length": str(len(body)), "Cache-Control": "no-store", "Connection": "close"}
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode() + _lines(lines) + b"\r\n" + body


def json_answer(status: int, data: Any, headers: dict[str, str], content_type: str = "application/json") -> bytes:
    return answer(status, orjson.dumps(data), {**headers, "Content-Type": content_type})


def problem_answer(problem: Problem, path: str, headers: dict[str, str]) -> bytes:
    return json_answer(problem.status, problem.body(path), headers, CONTENT_TYPE)


def cors_of(head: Head, *, public: bool) -> dict[str, str]:
    """Whether a page may read it: the shop's own, on its other port; what is public, every page."""
    origin = head.headers.get("origin", "")
    if not origin:
        return {}
    if public:
        return {"Access-Control-Allow-Origin": "*"}
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if is_own(origin, head) else {"Vary": "Origin"}


def preflight(head: Head, *, public: bool) -> bytes:
    allowed = {
        **cors_of(head, public=public),
        "Access-Control-Allow-Methods": "GET",
        "Access-Control-Allow-Headers": "Authorization, Last-Event-ID, Cache-Control",
        "Access-Control-Max-Age": "600",
    }
    # A 204 must have no length (RFC 9110, 8.6).
    return answer(204, b"", allowed).replace(b"Content-Length: 0\r\n", b"")


def is_own(origin: str, head: Head) -> bool:
    """Whether a page of that origin is one of this shop's: of its hosts, on the web server's port or a proxy's."""
    if origin == _origin_of(settings.SITE_URL):
        return True
    try:
        parts = urlsplit(origin)
        port, name = parts.port, parts.hostname or ""
    except ValueError:
        return False
    own_name = name == _name_of(head.headers.get("host", "")) or validate_host(_bracketed(name), settings.ALLOWED_HOSTS)
    return parts.scheme in ("http", "https") and own_name and port in (settings.PORT, None)


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _name_of(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name


def _lines(headers: dict[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("latin-1", "replace")
