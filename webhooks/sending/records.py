"""A record as GET answers it to an endpoint's owner. It loads the API: only who sends records needs it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve
from django.utils import translation
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from shared.api.conditional import retrieved
from shared.errors import Refusal
from webhooks.models.endpoint import Endpoint


def record_at(address: str, endpoint: Endpoint) -> bytes:
    """JSON of what a GET there answers the endpoint's owner, by the key that made the endpoint if one did; null where
    they may not see it, or it is gone."""
    try:
        with translation.override(None):
            match = resolve(address)
            view_class: Any = match.func.cls  # type: ignore[attr-defined]
            request = _request_of(endpoint)
            view = view_class(**match.func.initkwargs)  # type: ignore[attr-defined]
            view.request, view.action, view.kwargs = request, "retrieve", match.kwargs
            view.check_permissions(request)
            shown = retrieved(view_class, request, match.kwargs, basename=view.basename)
            rendered: bytes = JSONRenderer().render(shown.data)
    except (Http404, Resolver404, PermissionDenied, APIException, Refusal):
        return b"null"
    return rendered


def _request_of(endpoint: Endpoint) -> Request:
    plain = HttpRequest()
    plain.method = "GET"
    request = Request(plain)
    request.user = endpoint.owner
    request.auth = endpoint.api_key
    return request
