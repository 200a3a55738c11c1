"""Reading the feed: oldest first, from a position on."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from events.feed.event_access import EventAccess, event_access_of
from events.models.event import Event
from events.models.sequencer import Sequencer
from shared.errors import InvalidInput, Refusal

# How far one read looks for events that somebody may see and asked for, however few they are.
SCANNED: Final = 5_000


class PositionGone(Refusal):
    code = "position_gone"
    status = 410
    title = "Events of this position are not kept any more"
    members = {"first_position": int}


@dataclass(frozen=True, slots=True)
class Page:
    """`next_after`: where to go on. `caught_up`: nothing lies beyond it now."""

    events: list[Event]
    next_after: int
    caught_up: bool


def last_position() -> int:
    """The newest event's, 0 while there is none. One statement."""
    return Sequencer.objects.values_list("position", flat=True).first() or 0


def position_from(after: int | None) -> int:
    """The position to go on from: `after`, or where the feed is now. Raises as read_events does."""
    last = last_position()
    return last if after is None else check_position(after, last)


def read_events(
    user: Any, *, after: int | None, types: Collection[str] | None, aggregate_id: UUID | None, limit: int
) -> Page:
    """Up to `limit` events behind the position `after` (None: from the first that is kept), of these types (None: all)
    and this record, as far as the user may see them.

    Few may be among many: a page looks at up to SCANNED positions, and may be empty before the end. Raises
    PositionGone, with `first_position`, for a position whose successor is forgotten, and InvalidInput for one that
    there has not been.
    """
    last = last_position()
    after = check_position(after, last)
    access = event_access_of(user)
    if aggregate_id is None:
        return _read_from(access, after, types, limit=limit, last=last)
    before = Event.objects.filter(aggregate_id=aggregate_id, position__lte=after).order_by("-sequence")
    known = before.values_list("sequence", flat=True).first() or 0
    rows = _seen(access, types).filter(aggregate_id=aggregate_id, sequence__gt=known, position__lte=last)
    return _page(rows.order_by("sequence"), after, limit=limit, end=last, last=last)


def read_on(access: EventAccess, *, after: int, types: Collection[str] | None, limit: int) -> Page:
    """The same for whom may see so much, from a position that there has been. Raises PositionGone."""
    return _read_from(access, after, types, limit=limit, last=last_position())


def _read_from(access: EventAccess, after: int, types: Collection[str] | None, *, limit: int, last: int) -> Page:
    end = min(after + SCANNED, last)
    rows = _seen(access, types).filter(position__gt=after, position__lte=end)
    return _page(rows.order_by("position"), after, limit=limit, end=end, last=last)


def _page(rows: QuerySet[Event], after: int, *, limit: int, end: int, last: int) -> Page:
    events = list(rows[:limit])
    _check_kept(after, first_position())  # again, now: some may have been forgotten while the page was read
    reached = events[-1].position if len(events) == limit else end
    return Page(events, next_after=reached, caught_up=reached >= last)


def check_position(after: int | None, last: int) -> int:
    """The position, of None the one before the first that is kept. Raises as read_events does."""
    first = first_position()
    if after is None:
        return first - 1
    _check_kept(after, first)
    if after > last:
        text = f"There is no such position: the newest event has {last}. Was the database restored?"
        raise InvalidInput(("/after", "out_of_range", text))
    return after


def first_position() -> int:
    """The first of those that are kept; the next one's while there is none. One statement."""
    return (Sequencer.objects.values_list("forgotten", flat=True).first() or 0) + 1


def _check_kept(after: int, first: int) -> None:
    if after + 1 < first:
        raise PositionGone(f"The first event that is kept has position {first}.", first_position=first)


def _seen(access: EventAccess, types: Collection[str] | None) -> QuerySet[Event]:
    """The events of these types that may be seen."""
    events = access.filtered(Event.objects.all())
    return events if types is None else events.filter(type__in=list(types))


def seen_by(user: Any, types: Collection[str] | None) -> QuerySet[Event]:
    """The events of these types that the user may see: by right, by seller, and by whose the record is."""
    return _seen(event_access_of(user), types)
