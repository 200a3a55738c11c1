"""Which events somebody may see: by right, by seller, and by whose the record is."""

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
from shared.planner.lookups import one_of
from users.access.ownership import record_access_of, visible_to
from users.models.company import Company
from users.models.customer import Customer
from users.models.role import AccessLevel

_OWNED: Final[dict[str, Any]] = {"customer": Customer, "company": Company, "lead": Lead, "deal": Deal, "task": Task}
_OF_SELLERS: Final = frozenset(name for name, aggregate in AGGREGATES.items() if aggregate.of_sellers)


@dataclass(frozen=True, slots=True)
class EventAccess:
    """`types`: the user may see events of these. `sellers`: of orders and stock only theirs; None: all.

    `owner`: the user, where their role reaches the records of some owners alone, which the database is asked about.
    """

    types: frozenset[str]
    sellers: frozenset[UUID] | None
    owner: Any = None

    def may_cover(self, event: Event) -> bool:
        """Whether type and seller let the event through. Where `is_asked`, `filtered` has the last word."""
        if event.type not in self.types:
            return False
        return self.sellers is None or event.aggregate_type not in _OF_SELLERS or event.seller_id in self.sellers

    def is_asked(self, event: Event) -> bool:
        """Whether only the database knows whose the record is."""
        return self.owner is not None and event.aggregate_type in _OWNED

    def filtered(self, events: QuerySet[Event]) -> QuerySet[Event]:
        """Those of `events` that the user may see now."""
        events = events.filter(type__in=sorted(self.types))
        if self.sellers is not None:
            others = [name for name in AGGREGATES if name not in _OF_SELLERS]
            events = events.filter(Q(aggregate_type__in=others) | one_of("seller_id", self.sellers))
        return events if self.owner is None else events.filter(_of_owners_within(self.owner))


def event_access_of(user: Any) -> EventAccess:
    """What the user's roles let through, as they are now where `user` was just read."""
    sellers = sellers_of(user)
    return EventAccess(
        frozenset(name for name in EVENT_TYPES if user.has_perms(rights_of(name))),
        None if sellers is None else frozenset(sellers),
        None if record_access_of(user).sees == AccessLevel.ALL else user,
    )


def _of_owners_within(user: Any) -> Q:
    own = Q(aggregate_type__in=[name for name in AGGREGATES if name not in _OWNED])
    for name, model in _OWNED.items():
        reached = visible_to(user, model._default_manager.all()).values("pk")
        own |= Q(aggregate_type=name, aggregate_id__in=reached)
    return own
