"""One pair of services in one shop: every order of their steps, each end held against the two serial ones."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from typing import Any

from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.upkeep.audit_books import audit_books
from shared.errors import Refusal
from tests.orders.services.books import Books
from tests.orders.services.exploring import Explorer
from tests.orders.services.footprints import schema_now
from tests.orders.services.shop import HOME, MeetingShop, open_shop, told_alike, work_of
from tests.orders.services.stepping import Stage

# Far more than any pair has: a pair that reaches it was not explored whole, and says so.
LIMIT = 2_000
# What each of its transactions does is whole by itself, and right whatever came before.
MET_BETWEEN = {
    "place": "short of stock it lets overdue orders expire, and then looks at the stock anew",
    "edit": "as place does",
    "expire": "each of its transactions lets some orders expire that are overdue by then",
}


@dataclass(frozen=True)
class Meeting:
    """Two services: what each is about ("waiting" or "paid"), how many units are free, and whether the waiting order is
    past its deadline."""

    services: tuple[str, str]
    about: tuple[str, str]
    free: int = 1
    is_overdue: bool = False

    def may_be_met_between(self, service: str) -> bool:
        """Whether another may come between its transactions, and that is right: every other service is held against
        runs in which it is met by nobody."""
        return service in MET_BETWEEN and (service != "place" or not self.free)

    def __str__(self) -> str:
        one, other = (f"{service}({order})" for service, order in zip(self.services, self.about, strict=True))
        return f"{one} x {other}, {self.free} free{', overdue' if self.is_overdue else ''}"


@dataclass
class Explored:
    """`orders`: of steps, each run once; `runs` counts those, too, that turned out to be no new one."""

    meeting: Meeting
    orders: int = 0
    runs: int = 0
    ends: set[Any] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    is_whole: bool = True


def all_meetings() -> Iterator[Meeting]:
    """Every pair. Two that are meant for different orders meet over the stock, and once more over the waiting one."""
    for one, other in combinations_with_replacement(HOME, 2):
        homes = HOME[one], HOME[other]
        about = homes[0] or "waiting", homes[1] or "waiting"
        places = [about]
        if "edit" in (one, other) and "paid" in homes:
            places = [("paid", "paid"), about]
        elif set(homes) == {"waiting", "paid"} and "ship" not in (one, other):
            places = [about, ("waiting", "waiting")]
        for place in places:
            yield Meeting((one, other), place, is_overdue="expire" in (one, other))
        if "place" in (one, other):
            yield Meeting((one, other), about, free=0, is_overdue=True)


class Meetings:
    """Explores one meeting after the other, in a database that is put back each time."""

    def __init__(self) -> None:
        schema_now()
        self._empty = Books()
        self._stage = Stage()

    def close(self) -> None:
        self._stage.close()

    def explore(self, meeting: Meeting, limit: int = LIMIT) -> Explored:
        try:
            return self._explore_in(open_shop(free=meeting.free, is_overdue=meeting.is_overdue), meeting, limit)
        finally:
            self._empty.go_back()

    def _explore_in(self, shop: MeetingShop, meeting: Meeting, limit: int) -> Explored:
        opened, explored = Books(), Explored(meeting)
        works = [
            work_of(service, shop, getattr(shop, order))
            for service, order in zip(meeting.services, meeting.about, strict=True)
        ]
        explorer = Explorer(self._stage)

        def begin() -> None:
            opened.go_back()
            self._stage.begin(works)

        between = frozenset(n for n, service in enumerate(meeting.services) if meeting.may_be_met_between(service))
        for _ in explorer.serially(begin, between=between):  # what a process reads once, it has read by then
            pass
        for turns in explorer.serially(begin, between=between):
            self._end(explored, opened, f"by transactions {turns}")
        serial = frozenset(explored.ends)
        for schedule in explorer.schedules(begin, limit):
            explored.runs += 1
            if schedule.is_new:
                explored.orders += 1
                end = self._end(explored, opened, schedule.turns)
                if end not in serial:
                    explored.faults.append(
                        f"{meeting}: {schedule.turns} ends as no serial run: {_difference(end, serial)}"
                    )
        explored.is_whole = explored.runs < limit
        return explored

    def _end(self, explored: Explored, opened: Books, how: str) -> Any:
        """The outcomes and everything written, after the sweep that comes every few minutes: it passes over what
        somebody else is changing just then, and takes it the next time."""
        outcomes = tuple(told_alike(actor.outcome) for actor in self._stage.actors)
        if explored.meeting.is_overdue:
            expire_unpaid_orders()
        for actor in self._stage.actors:
            if isinstance(actor.outcome, Exception) and not isinstance(actor.outcome, Refusal):
                explored.faults.append(f"{explored.meeting}: {how} fails with {actor.outcome!r}")
        if deadlocks := sum(actor.deadlocks for actor in self._stage.actors):
            explored.faults.append(f"{explored.meeting}: {how} has {deadlocks} deadlocks")
        end = outcomes, opened.everything_written()
        if end not in explored.ends:  # books that say the same are right or wrong alike
            explored.ends.add(end)
            found = [f"{f.check.name}: {f.rows}" for f in audit_books() if f.count and f.check.is_discrepancy]
            if found:
                explored.faults.append(f"{explored.meeting}: {how} leaves wrong books: {found}")
        return end


def _difference(end: Any, serial: frozenset[Any]) -> str:
    """What the nearest serial end has otherwise."""
    nearest = min(serial, key=lambda other: len(set(other[1]) ^ set(end[1])))
    only, missing = set(end[1]) - set(nearest[1]), set(nearest[1]) - set(end[1])
    return f"{end[0]} (there {nearest[0]}); only here {sorted(only)}; only there {sorted(missing)}"
