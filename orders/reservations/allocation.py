"""From which stock levels an order's lines are taken. Pure: decides from what it is shown; the caller locks and
checks again.

Rule: a line that names a seller takes that seller. One that names none takes the default seller if it stocks the
variant, else the first seller by priority that can fill the line. Within a seller the first location by priority that
can fill the whole line is taken; if none can, the line is split over locations in that order. Where that makes more
than one shipment of a seller's lines, the smallest set of its locations that can fill them all is taken instead, of
equally small ones that with the better priorities.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from uuid import UUID

from inventory.sellable_variants import Stock

# Sets of at most so many locations are tried, those with the best priorities: 254 sets of 8.
_MAX_LOCATIONS = 8
Takes = tuple[tuple[UUID, int], ...]
Place = tuple[int, UUID]


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
    takes: Takes


@dataclass(frozen=True, slots=True)
class Short:
    """A line nobody asked can fill: the most that one seller could give, and the levels that were looked at."""

    available: int
    level_ids: tuple[UUID, ...]


def allocate(demands: Sequence[Demand]) -> list[Allocation | Short]:
    """One answer a line, in order. Lines that share a level do not promise the same unit twice."""
    taken: dict[UUID, int] = {}
    answers: list[Allocation | Short] = []
    for demand in demands:
        answer = _allocate_line(demand, taken)
        if isinstance(answer, Allocation):
            for level_id, quantity in answer.takes:
                taken[level_id] = taken.get(level_id, 0) + quantity
        answers.append(answer)
    _ship_less(demands, answers)
    return answers


def _ship_less(demands: Sequence[Demand], answers: list[Allocation | Short]) -> None:
    """Replace the answers of each seller whose lines would leave from more locations than need be."""
    location_of = {stock.level_id: stock.rank[2:] for demand in demands for stock in demand.candidates}
    lines: dict[UUID, list[int]] = {}
    used: dict[UUID, set[Place]] = {}
    for index, answer in enumerate(answers):
        if isinstance(answer, Short):
            # The order is refused, or allocated anew with what may wait: there is nothing to improve yet.
            return
        lines.setdefault(answer.seller_id, []).append(index)
        used.setdefault(answer.seller_id, set()).update(location_of[level_id] for level_id, _ in answer.takes)
    for seller_id, indexes in lines.items():
        if len(used[seller_id]) > 1:
            better = _fewest_locations(seller_id, [demands[index] for index in indexes], len(used[seller_id]))
            for index, takes in zip(indexes, better, strict=False):
                answers[index] = Allocation(seller_id, takes)


def _fewest_locations(seller_id: UUID, demands: Sequence[Demand], fewer_than: int) -> list[Takes]:
    """What each line takes from the smallest set of locations that fills all; nothing where no smaller set does."""
    own = [[stock for stock in demand.candidates if stock.seller_id == seller_id] for demand in demands]
    places = sorted({stock.rank[2:] for stocks in own for stock in stocks if stock.available > 0})[:_MAX_LOCATIONS]
    # Smaller sets first, and of equal ones those with the better priorities: the first that fills all is the one.
    for size in range(1, fewer_than):
        for chosen in combinations(places, size):
            if filled := _fill_demands(demands, own, set(chosen)):
                return filled
    return []


def _fill_demands(demands: Sequence[Demand], own: Sequence[Sequence[Stock]], places: set[Place]) -> list[Takes]:
    taken: dict[UUID, int] = {}
    filled: list[Takes] = []
    for demand, stocks in zip(demands, own, strict=True):
        here = sorted((stock for stock in stocks if stock.rank[2:] in places), key=lambda stock: stock.rank)
        takes = _take_units([(s.level_id, s.available - taken.get(s.level_id, 0)) for s in here], demand.quantity)
        if not takes:
            return []
        for level_id, quantity in takes:
            taken[level_id] = taken.get(level_id, 0) + quantity
        filled.append(takes)
    return filled


def _allocate_line(demand: Demand, taken: dict[UUID, int]) -> Allocation | Short:
    best = 0
    asked = sellers_to_ask(demand)
    for seller_id, candidates in asked:
        free = [(c.level_id, c.available - taken.get(c.level_id, 0)) for c in candidates]
        if takes := _take_units(free, demand.quantity):
            return Allocation(seller_id, takes)
        best = max(best, sum(max(units, 0) for _, units in free))
    return Short(best, tuple(c.level_id for _, candidates in asked for c in candidates))


def sellers_to_ask(demand: Demand) -> list[tuple[UUID, list[Stock]]]:
    """Whom the line may be filled by, in order, each with what they stock."""
    ranked = sorted(demand.candidates, key=lambda c: c.rank)
    if demand.seller_id is not None:
        ranked = [c for c in ranked if c.seller_id == demand.seller_id]
    elif any(c.seller_is_default for c in ranked):
        ranked = [c for c in ranked if c.seller_is_default]
    return [(seller_id, list(group)) for seller_id, group in groupby(ranked, key=lambda c: c.seller_id)]


def _take_units(free: Sequence[tuple[UUID, int]], quantity: int) -> Takes:
    # Whole from one place before in pieces from several: each place is a shipment of its own.
    for level_id, units in free:
        if units >= quantity:
            return ((level_id, quantity),)
    takes: list[tuple[UUID, int]] = []
    for level_id, units in free:
        if units > 0 and quantity > 0:
            takes.append((level_id, min(units, quantity)))
            quantity -= takes[-1][1]
    return tuple(takes) if quantity == 0 else ()
