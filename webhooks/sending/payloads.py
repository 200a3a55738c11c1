"""What is sent: the event as the feed shows it, and with it, where asked for, its record as GET answers it."""

from typing import Any, Final

import orjson
from django.utils.module_loading import import_string

from events.feed.shown import shown_event
from events.models.event import Event
from shared.text.times import iso_time
from webhooks.models.delivery import TEST_TYPE, Delivery
from webhooks.models.endpoint import Endpoint, Include

# By its name: it loads the API into the worker, which endpoints without records do not need.
_RECORD_AT: Final = "webhooks.sending.records.record_at"


def payload_of(event: Event, endpoint: Endpoint) -> bytes:
    """The event; with the endpoint's include, its record as `object`, null where its owner may not see it, or it is
    gone."""
    shown = shown_event(event)
    if endpoint.include == Include.OBJECT:
        shown["object"] = orjson.Fragment(import_string(_RECORD_AT)(shown["url"], endpoint))
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
            "created_at": iso_time(delivery.created_at),
            "data": {"endpoint": str(endpoint.pk)},
            "url": f"/api/v1/webhook-endpoints/{endpoint.pk}",
        }
    )


def _rendered(shown: dict[str, Any]) -> bytes:
    return orjson.dumps(shown)
