"""Requests as the metrics count them: by area, for a series for each address would be thousands."""

import re
import time

from django.conf import settings
from django.db import Error as DatabaseAway
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from shared.metrics.names import ORDERS, REQUEST_SECONDS, REQUESTS
from shared.metrics.recording import add, observe

_AREAS = (
    ("/api/graphql", "graphql"),
    ("/api/mcp", "mcp"),
    ("/admin/", "admin"),
    ("/static/", "static"),
    ("/healthz", "health"),
    ("/readyz", "health"),
)
_PLACING = "/api/v1/orders"
_API = "/api/"
_TAKES_A_FILE = re.compile(r"/api/v1/(products/[^/]+/pictures|shop/logo)/?")


def area_of(method: str, path: str) -> str:
    """placing, api_read, api_write, graphql, mcp, admin, static, health or other."""
    if method == "POST" and path.rstrip("/") == _PLACING:
        return "placing"
    for beginning, area in _AREAS:
        if path.startswith(beginning):
            return area
    if path.startswith(_API):
        return "api_read" if method in ("GET", "HEAD") else "api_write"
    return "other"


def takes_a_file(path: str) -> bool:
    """Whether a picture may be sent there: the body may be larger than JSON is."""
    return _TAKES_A_FILE.fullmatch(path) is not None


def count_request(request: HttpRequest, response: HttpResponseBase, began: float) -> None:
    """`began` is by time.perf_counter()."""
    if settings.METRICS_PORT:
        area = area_of(request.method or "", request.path_info)
        add(REQUESTS, area, f"{response.status_code // 100}xx")
        observe(REQUEST_SECONDS, time.perf_counter() - began, area)


def count_refused(method: str, path: str, status: int) -> None:
    """What the server answers by itself, before the application is asked: that it is too busy, above all."""
    add(REQUESTS, area_of(method, path), f"{status // 100}xx")


def count_refused_order(request: HttpRequest) -> None:
    """Of a request that no view sees, as it cannot be read: a refused order, if somebody signed in sent it."""
    is_order = area_of(request.method or "", request.path_info) == "placing"
    if settings.METRICS_PORT and is_order and _is_signed_in(request):
        add(ORDERS, "refused_other")


def _is_signed_in(request: HttpRequest) -> bool:
    try:
        return bool(Request(request, authenticators=APIView().get_authenticators()).user.is_authenticated)
    except (APIException, DatabaseAway):
        return False
