"""From which stock levels an order's lines are taken. Pure: decides from what it is shown; the caller locks and
checks again.

Rule: a line that names a seller takes that seller. One that names none takes the default seller if it stocks the
variant, else the first seller by priority that can fill the line. Within a seller the first location by priority that
can fill the whole line is taken; if none can, the line is split over locations in that order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from catalog.offers import Stock


@dataclass(frozen=True, slots=True)
class Demand:
    """One line: `quantity` units of what `candidates` stock."""

    seller_id: UUID | None
    quantity: int
    candidates: Sequence[Stock]


@dataclass(frozen=True, slots=True)
class Allocation:
    """Where a line's units come from; `takes` is (level, quantity) pairs."""

    seller_id: UUID
    takes: tuple[tuple[UUID, int], ...]


@dataclass(frozen=True, slots=True)
class Short:
    """A line nobody asked can fill: the most that one seller could give, and the levels that were looked at."""

    available: int
    level_ids: tuple[UUID, ...]


def allocate(demands: Iterable[Demand]) -> list[Allocation | Short]:
    """One answer a line, in order. Lines that share a level do not promise the same unit twice."""
    taken: dict[UUID, int] = {}
    answers: list[Allocation | Short] = []
    for demand in demands:
        answer = _allocate_line(demand, taken)
        if isinstance(answer, Allocation):
            for level_id, quantity in answer.takes:
                taken[level_id] = taken.get(level_id, 0) + quantity
        answers.append(answer)
    return answers


def _allocate_line(demand: Demand, taken: dict[UUID, int]) -> Allocation | Short:
    best = 0
    asked = _sellers_to_ask(demand)
    for seller_id, candidates in asked:
        free = [(c.level_id, c.available - taken.get(c.level_id, 0)) for c in candidates]
        if takes := _take(free, demand.quantity):
            return Allocation(seller_id, takes)
        best = max(best, sum(max(units, 0) for _, units in free))
    return Short(best, tuple(c.level_id for _, candidates in asked for c in candidates))


def _sellers_to_ask(demand: Demand) -> list[tuple[UUID, list[Stock]]]:
    ranked = sorted(demand.candidates, key=lambda c: c.rank)
    if demand.seller_id is not None:
        ranked = [c for c in ranked if c.seller_id == demand.seller_id]
    elif any(c.seller_is_default for c in ranked):
        ranked = [c for c in ranked if c.seller_is_default]
    return [(seller_id, list(group)) for seller_id, group in groupby(ranked, key=lambda c: c.seller_id)]


def _take(free: Sequence[tuple[UUID, int]], quantity: int) -> tuple[tuple[UUID, int], ...]:
    for level_id, units in free:
        if units >= quantity:
            return ((level_id, quantity),)
    takes: list[tuple[UUID, int]] = []
    for level_id, units in free:
        if units > 0 and quantity > 0:
            takes.append((level_id, min(units, quantity)))
            quantity -= takes[-1][1]
    return tuple(takes) if quantity == 0 else ()
