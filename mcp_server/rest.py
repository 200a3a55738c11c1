"""Tools act through the REST API, in this process: the same rights, validation, limits and refusals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from django.urls import resolve
from rest_framework.request import Request

from shared.api.inside import inner_handler, inner_request

BASE = "/api/v1"


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
        """The answer's JSON. Raises ToolRefused, and Http404 for an address that there is none of. Parameters that are
        None are left out."""
        return self._call("GET", path, query=urlencode(_given(query)))

    def post(self, path: str, body: Mapping[str, Any], *, key: str | None = None) -> Any:
        """As `get`; `key` is the Idempotency-Key. Fields of the body that are None are left out."""
        return self._call("POST", path, body=orjson.dumps(_given(body)), key=key)

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._call("PATCH", path, body=orjson.dumps(_given(body)))

    def delete(self, path: str) -> Any:
        return self._call("DELETE", path)

    def _call(self, method: str, path: str, **sent: Any) -> Any:
        match = resolve(BASE + path)
        answer = inner_handler(match.func)(inner_request(self.request, method, BASE + path, **sent), **match.kwargs)
        content = orjson.loads(answer.render().content)
        if answer.status_code >= 400:
            raise ToolRefused(content)
        return content


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
