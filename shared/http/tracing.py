"""One span a request, where traces are sent (shared/metrics/tracing.py): which route, and what came of it. Not the
address that was asked for: what stands in it may be somebody's."""

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shared.http.areas import area_of
from shared.metrics.tracing import span

_METHODS: Final = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_UNTRACED: Final = {"health", "static"}  # asked every few seconds, by nobody
_PARAMETER: Final = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(\w+)>")


class TracingMiddleware:
    """The first of all, so that its time is that of the request but for reading and sending."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if area_of(request.method or "", request.path_info) in _UNTRACED:
            return self.get_response(request)
        method = request.method if request.method in _METHODS else "_OTHER"
        with span(method, kind="SERVER", caller=request.headers) as made:
            response = self.get_response(request)
            made.set_attribute("http.request.method", method)
            made.set_attribute("http.response.status_code", response.status_code)
            if request.resolver_match and request.resolver_match.route:
                route = route_template(request.resolver_match.route)
                made.set_attribute("http.route", route)
                made.update_name(f"{method} {route}")
            if response.status_code >= 500:
                made.set_attribute("error.type", str(response.status_code))
        return response


def route_template(route: str) -> str:
    """api/v1/^orders/(?P<pk>[^/.]+)/payment$ is /api/v1/orders/{pk}/payment."""
    named = _PARAMETER.sub(lambda found: f"{{{found[1] or found[2]}}}", route)
    return "/" + re.sub(r"[\^$?\\]|\.\*", "", named)
