"""Reading the feed: oldest first, from a position on."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from catalog.seller_access import sellers_of
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.task import Task
from events.feed.types import AGGREGATES, EVENT_TYPES, rights_of
from events.models.event import Event
from events.models.sequencer import Sequencer
from shared.errors import InvalidInput, Refusal
from shared.planner.lookups import one_of
from users.access.ownership import record_access_of, visible_to
from users.models.company import Company
from users.models.customer import Customer
from users.models.role import AccessLevel

# How far one read looks for events that somebody may see and asked for, however few they are.
SCANNED: Final = 5_000
_OWNED: Final[dict[str, Any]] = {"customer": Customer, "company": Company, "lead": Lead, "deal": Deal, "task": Task}


class PositionGone(Refusal):
    code = "position_gone"
    status = 410
    title = "Events of this position are not kept any more"


@dataclass(frozen=True, slots=True)
class Page:
    """`next_after`: where to go on. `caught_up`: nothing lies beyond it now."""

    events: list[Event]
    next_after: int
    caught_up: bool


def last_position() -> int:
    """The newest event's, 0 while there is none. One statement."""
    return Sequencer.objects.values_list("position", flat=True).first() or 0


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
    seen = seen_by(user, types)
    if aggregate_id is None:
        end = min(after + SCANNED, last)
        rows = seen.filter(position__gt=after, position__lte=end).order_by("position")
    else:
        end = last
        before = Event.objects.filter(aggregate_id=aggregate_id, position__lte=after).order_by("-sequence")
        known = before.values_list("sequence", flat=True).first() or 0
        rows = seen.filter(aggregate_id=aggregate_id, sequence__gt=known, position__lte=end).order_by("sequence")
    events = list(rows[:limit])
    _check_kept(after, first_position(last))  # again, now: some may have been forgotten while the page was read
    reached = events[-1].position if len(events) == limit else end
    return Page(events, next_after=reached, caught_up=reached >= last)


def check_position(after: int | None, last: int) -> int:
    """The position, of None the one before the first that is kept. Raises as read_events does."""
    first = first_position(last)
    if after is None:
        return first - 1
    _check_kept(after, first)
    if after > last:
        text = f"There is no such position: the newest event has {last}. Was the database restored?"
        raise InvalidInput(("/after", "out_of_range", text))
    return after


def first_position(last: int) -> int:
    """The first of those that are kept; the next one's while there is none."""
    oldest = Event.objects.order_by("position").values_list("position", flat=True).first()
    return last + 1 if oldest is None else oldest


def _check_kept(after: int, first: int) -> None:
    if after + 1 < first:
        raise PositionGone(f"The first event that is kept has position {first}.", first_position=first)


def seen_by(user: Any, types: Collection[str] | None) -> QuerySet[Event]:
    """The events of these types that the user may see: by right, by seller, and by whose the record is."""
    asked = EVENT_TYPES if types is None else types
    events = Event.objects.filter(type__in=[name for name in asked if user.has_perms(rights_of(name))])
    sellers = sellers_of(user)
    if sellers is not None:
        others = [name for name, aggregate in AGGREGATES.items() if not aggregate.of_sellers]
        events = events.filter(Q(aggregate_type__in=others) | one_of("seller_id", sellers))
    if record_access_of(user).sees != AccessLevel.ALL:
        own = Q(aggregate_type__in=[name for name in AGGREGATES if name not in _OWNED])
        for name, model in _OWNED.items():
            reached = visible_to(user, model._default_manager.all()).values("pk")
            own |= Q(aggregate_type=name, aggregate_id__in=reached)
        events = events.filter(own)
    return events
