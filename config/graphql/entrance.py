"""/api/graphql. The schema and its library come with the first request that needs them: who uses none of it does not
pay for it (docs/decisions/graphql.md)."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt  # REST framework asks for the token itself, of whoever is signed in by a session
def graphql(request: HttpRequest) -> HttpResponseBase:
    answer: HttpResponseBase = _view()(request)
    return answer


@cache
def _view() -> Callable[[HttpRequest], Any]:
    view_class = import_string("shared.graphql.view.GraphQLView")
    compiled = import_string("config.graphql.schema.compiled")
    view: Callable[[HttpRequest], Any] = view_class.as_view(compiled=compiled)
    return view
