"""The one table of rights is REST's: every type, edge and mutation names the route that shows or does the same, and is
served by that route's own view. Permissions, scopes, whose rows there are, filters, pages and bodies have no second
copy that could differ (docs/decisions/graphql.md)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import resolve, reverse
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from shared.api.inside import inner_handler, inner_request
from shared.api.permissions import PublicReads

# Any id: routes with a row are resolved by it, once.
_SOME_ID = "00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Door:
    """A route of the API. `also`: the permission that REST asks staff for before it shows this part of the row."""

    route: str
    method: str = "GET"
    has_row: bool = False
    also: str | None = None

    def open(self, context: "Context", **params: Any) -> Any:
        """The route's view, ready to read, for whoever sent the request. Raises PermissionDenied."""
        behind = _behind(self.route, self.method, self.has_row)
        view = behind.view_class(**behind.initkwargs)
        view.request = context.request_for(self.method, params)
        view.args, view.kwargs, view.format_kwarg = (), {}, None
        view.action = behind.action
        # Once a request: the edge of every single row comes by here.
        if self not in context.passed:
            view.check_permissions(view.request)
            self._check_part(context)
            context.passed.add(self)
        return view

    def _check_part(self, context: "Context") -> None:
        user = context.request.user
        if self.also and user.is_staff and not user.has_perm(self.also):
            raise PermissionDenied(f"Your role lacks the permission {self.also}.")

    def perform(
        self,
        context: "Context",
        body: Mapping[str, Any] | None,
        *,
        pk: str | None = None,
        key: str | None = None,
        version: int | None = None,
    ) -> Response:
        """What the route answers to this body: REST's parser, its services, its idempotency, its refusals."""
        kwargs = {"pk": pk} if self.has_row else None
        path = reverse(self.route, kwargs=kwargs)
        sent = None if body is None else json.dumps(body, default=_plain_number).encode()
        inner = inner_request(context.request, self.method, path, body=sent, key=key, version=version)
        answer: Response = _behind(self.route, self.method, self.has_row).handler(inner, **resolve(path).kwargs)
        return answer

    def is_public(self) -> bool:
        """Whether anybody may look: told by the view itself."""
        behind = _behind(self.route, self.method, self.has_row)
        view = behind.view_class(**behind.initkwargs)
        view.action = behind.action
        return self.method == "GET" and any(isinstance(each, PublicReads) for each in view.get_permissions())


@dataclass(slots=True)
class Context:
    """One request: who sent it, and which doors opened for them."""

    request: Request
    passed: set[Door] = field(default_factory=set)

    def check_signed_in(self, doors: list[Door]) -> None:
        """Raises NotAuthenticated for an anonymous request behind a door that is not public."""
        if not self.request.user.is_authenticated and not all(door.is_public() for door in doors):
            raise NotAuthenticated

    def request_for(self, method: str, params: Mapping[str, Any]) -> Request:
        """As if the caller had asked REST with these query parameters; those that are None are left out."""
        given = {name: _as_text(value) for name, value in params.items() if value is not None}
        inner = inner_request(self.request, method, self.request.path, query=urlencode(given))
        asked = Request(inner)
        asked.user, asked.auth = inner.principal
        return asked


@dataclass(frozen=True, slots=True)
class _Behind:
    """The view class behind a route, what it is made with, its action, and the view for who has signed in."""

    view_class: type[Any]
    initkwargs: dict[str, Any]
    action: str
    handler: Callable[..., Any]


@lru_cache(maxsize=256)
def _behind(route: str, method: str, has_row: bool) -> _Behind:
    view: Any = resolve(reverse(route, kwargs={"pk": _SOME_ID} if has_row else None)).func
    return _Behind(view.cls, view.initkwargs, view.actions[method.lower()], inner_handler(view))


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain_number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"Not JSON: {value!r}")
