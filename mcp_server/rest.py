"""Tools act through the REST API, in this process: the same sign-in, rights, validation, limits and refusals."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from django.core.handlers.wsgi import WSGIRequest
from django.urls import resolve
from rest_framework.request import Request

BASE = "/api/v1"
# Of what an answer brings, what must not come from the outer request.
_OWN = ("CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_IDEMPOTENCY_KEY", "HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH")


class ToolRefused(Exception):
    """The API's refusal: a problem (RFC 9457) with its `code`."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("detail"))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class RestCaller:
    """Whoever sent `request` and has signed in by it, at the REST API."""

    request: Request

    def get(self, path: str, **query: object) -> Any:
        """The answer's JSON. Raises ToolRefused. Parameters that are None are left out."""
        return self._call("GET", path, query=query)

    def post(self, path: str, body: Mapping[str, Any], *, key: str | None = None) -> Any:
        """As `get`; `key` is the Idempotency-Key. Fields of the body that are None are left out."""
        return self._call("POST", path, body=body, key=key)

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._call("PATCH", path, body=body)

    def delete(self, path: str) -> Any:
        return self._call("DELETE", path)

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Any:
        given = {name: value for name, value in (query or {}).items() if value is not None}
        sent = b"" if body is None else orjson.dumps({name: each for name, each in body.items() if each is not None})
        address = BASE + path
        environ = {name: value for name, value in self.request.META.items() if name not in _OWN} | {
            "REQUEST_METHOD": method,
            "PATH_INFO": address,
            "QUERY_STRING": urlencode(given),
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(sent)),
            "wsgi.input": io.BytesIO(sent),
        }
        if key is not None:
            environ["HTTP_IDEMPOTENCY_KEY"] = key
        match = resolve(address)
        answer = match.func(WSGIRequest(environ), *match.args, **match.kwargs)
        answer.render()
        content = orjson.loads(answer.content) if answer.content else {}
        if answer.status_code >= 400:
            raise ToolRefused(content)
        return content
