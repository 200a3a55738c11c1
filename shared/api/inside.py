"""A route of the API, asked in this process by whoever sent the request at hand: the same permissions, parser, limits,
idempotency and refusals, without a second sign-in."""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from shared.api.idempotency import HEADER

# What of the request's own headers is known to the routes behind it: where it came from.
_KEPT = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_AUTHORIZATION", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT")
_EMPTY = BytesIO()


class InnerRequest(WSGIRequest):
    """What a route is asked; who asks was found out before."""

    principal: tuple[Any, Any]


class AlreadySignedIn(BaseAuthentication):
    """Whoever sent the request at hand."""

    def authenticate(self, request: Request) -> tuple[Any, Any]:
        inner: Any = request._request
        return inner.principal  # type: ignore[no-any-return]


def inner_request(
    outer: Request,
    method: str,
    path: str,
    *,
    query: str = "",
    body: bytes | None = None,
    key: str | None = None,
    version: int | None = None,
) -> InnerRequest:
    """`query` is encoded, `body` JSON; `key` goes into Idempotency-Key, `version` into If-Match."""
    environ: dict[str, Any] = {name: outer.META[name] for name in _KEPT if name in outer.META}
    environ |= {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": _EMPTY}
    if query:
        environ["QUERY_STRING"] = query
    if body is not None:
        environ |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
    if key is not None:
        environ["HTTP_" + HEADER.upper().replace("-", "_")] = key
    if version is not None:
        environ["HTTP_IF_MATCH"] = f'"{version}"'
    inner = InnerRequest(environ)
    inner.principal = outer.user, outer.auth
    return inner


@lru_cache(maxsize=256)
def inner_handler(view: Any) -> Callable[..., Any]:
    """The handler of a viewset's route (as URLs resolve to it) that takes an InnerRequest."""
    handler: Callable[..., Any] = view.cls.as_view(
        view.actions, authentication_classes=(AlreadySignedIn,), **view.initkwargs
    )
    return handler
