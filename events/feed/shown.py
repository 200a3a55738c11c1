"""An event as the feed shows it: what EventSerializer answers, for processes that load no API."""

from typing import Any

from events.feed.types import AGGREGATES
from events.models.event import Event
from shared.text.times import iso_time


def address_of(event: Event) -> str:
    """Where its record is read."""
    return f"/api/v1/{AGGREGATES[event.aggregate_type].path}/{event.aggregate_id}"


def shown_event(event: Event) -> dict[str, Any]:
    return {
        "id": str(event.pk),
        "position": event.position,
        "type": event.type,
        "aggregate": {"type": event.aggregate_type, "id": str(event.aggregate_id)},
        "sequence": event.sequence,
        "created_at": iso_time(event.created_at),
        "data": event.data,
        "url": address_of(event),
    }
