"""What is sent: the event as the feed shows it, and with it, where asked for, its record as GET answers it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve
from django.utils import translation
from rest_framework.exceptions import APIException
from rest_framework.fields import DateTimeField
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from events.api.representations import EventSerializer
from events.models.event import Event
from shared.api.conditional import retrieved
from shared.errors import Refusal
from webhooks.models.delivery import TEST_TYPE, Delivery
from webhooks.models.endpoint import Endpoint, Include


def payload_of(event: Event, endpoint: Endpoint) -> bytes:
    """The event; with the endpoint's include, its record as `object`, null where its owner may not see it, or it is
    gone."""
    shown: dict[str, Any] = dict(EventSerializer(event).data)
    if endpoint.include == Include.OBJECT:
        shown["object"] = _object_at(shown["url"], endpoint)
    return _rendered(shown)


def test_payload(delivery: Delivery, endpoint: Endpoint) -> bytes:
    """As an event, of the endpoint itself; no feed has it."""
    return _rendered(
        {
            "id": str(delivery.event_id),
            "position": 0,
            "type": TEST_TYPE,
            "aggregate": {"type": "webhook_endpoint", "id": str(endpoint.pk)},
            "sequence": 0,
            "created_at": DateTimeField().to_representation(delivery.created_at),
            "data": {"endpoint": str(endpoint.pk)},
            "url": f"/api/v1/webhook-endpoints/{endpoint.pk}",
        }
    )


def _rendered(shown: Mapping[str, Any]) -> bytes:
    rendered: bytes = JSONRenderer().render(shown)
    return rendered


def _object_at(address: str, endpoint: Endpoint) -> Any:
    """What a GET there answers the endpoint's owner, by the key that made the endpoint if one did."""
    try:
        with translation.override(None):
            match = resolve(address)
            view_class: Any = match.func.cls  # type: ignore[attr-defined]
            request = _request_of(endpoint)
            view = view_class(**match.func.initkwargs)  # type: ignore[attr-defined]
            view.request, view.action, view.kwargs = request, "retrieve", match.kwargs
            view.check_permissions(request)
            shown = retrieved(view_class, request, match.kwargs, basename=view.basename)
    except (Http404, Resolver404, PermissionDenied, APIException, Refusal):
        return None
    return shown.data


def _request_of(endpoint: Endpoint) -> Request:
    plain = HttpRequest()
    plain.method = "GET"
    request = Request(plain)
    request.user = endpoint.owner
    request.auth = endpoint.api_key
    return request
