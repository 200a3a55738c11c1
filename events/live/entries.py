"""Events as they are sent: rendered once, for all streams."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import orjson
from websockets.frames import Frame, Opcode

from events.feed.event_access import EventAccess
from events.feed.reading import last_position, read_on
from events.feed.shown import shown_event
from events.models.event import Event

# Of one statement, and as much as is held for who reads slowly.
MOST: Final = 1_000
# Positions that are kept at hand, so that who comes back soon, or reads slowly, costs no statement.
KEPT: Final = 2 * MOST
PAGE: Final = 500


class Entry(NamedTuple):
    """One event. `sse`: as a server-sent event; `frame`: as a message of a WebSocket."""

    position: int
    event: Event
    sse: bytes
    frame: bytes


def entries_of(events: Collection[Event]) -> list[Entry]:
    """What is sent is what GET /events shows."""
    return [_entry(event, orjson.dumps(shown_event(event))) for event in events]


def _entry(event: Event, body: bytes) -> Entry:
    sse = b"id: %d\nevent: %s\ndata: %s\n\n" % (event.position, event.type.encode(), body)
    return Entry(event.position, event, sse, framed(body))


def framed(body: bytes) -> bytes:
    return Frame(Opcode.TEXT, body).serialize(mask=False)


def entries_after(position: int) -> list[Entry]:
    """The next events, oldest first. One statement."""
    return entries_of(list(Event.objects.filter(position__gt=position).order_by("position")[:MOST]))


def hidden_from(access: EventAccess, entries: Sequence[Entry]) -> frozenset[int]:
    """The positions among those that only the database knows to be not the user's to see. One statement at most."""
    asked = [entry.position for entry in entries if access.may_cover(entry.event) and access.is_asked(entry.event)]
    if not asked:
        return frozenset()
    seen = access.filtered(Event.objects.filter(position__in=asked)).values_list("position", flat=True)
    return frozenset(asked) - frozenset(seen)


def latest_entries() -> tuple[int, list[Entry]]:
    """Where the feed is, and its last events."""
    last = last_position()
    newest = Event.objects.filter(position__gt=last - KEPT, position__lte=last).order_by("position")
    return last, entries_of(list(newest))


def next_entries(position: int, asking: list[EventAccess]) -> tuple[list[Entry], list[frozenset[int]]]:
    """What is new, and what of it is hidden from each of those."""
    entries = entries_after(position)
    return entries, [hidden_from(access, entries) for access in asking]


def page_of_entries(access: EventAccess, after: int, types: list[str]) -> tuple[list[Entry], int]:
    page = read_on(access, after=after, types=types, limit=PAGE)
    return entries_of(page.events), page.next_after
