"""Allocation where a variant may be sold beyond its stock: what a short line takes now, and what of it waits. Pure.

Asked only once orders.reservations.allocation found a line short; orders.reservations.backorders then holds what waits.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from orders.reservations.allocation import Allocation, Demand, Short, allocate, sellers_to_ask


@dataclass(frozen=True, slots=True)
class PartlyTaken:
    """What a short line takes now, as (level, quantity) pairs, and how many units of it wait. `level_ids` are all
    levels that the seller has of it: none of them may have a unit left."""

    seller_id: UUID
    takes: tuple[tuple[UUID, int], ...]
    waiting: int
    level_ids: tuple[UUID, ...]


def allocate_ahead(
    demands: Sequence[Demand], variant_ids: Sequence[UUID], room: Mapping[UUID, int]
) -> list[Allocation | PartlyTaken | Short]:
    """As allocate, with what is short waiting where there is `room` for all of it. `variant_ids`: each demand's.

    Lines of one variant share its room, and lines that share a level do not promise the same unit twice.
    """
    left, taken = dict(room), Counter[UUID]()
    answers: list[Allocation | PartlyTaken | Short] = list(allocate(demands))
    for answer in answers:
        if isinstance(answer, Allocation):
            taken.update(dict(answer.takes))
    for index, (demand, variant_id) in enumerate(zip(demands, variant_ids, strict=True)):
        if not isinstance(answers[index], Short):
            continue
        partly = take_and_wait(demand, taken=taken, room=left.get(variant_id, 0))
        if partly is not None:
            answers[index] = partly
            taken.update(dict(partly.takes))
            left[variant_id] -= partly.waiting
    return answers


def take_and_wait(demand: Demand, *, taken: Mapping[UUID, int], room: int) -> PartlyTaken | None:
    """For a line that nobody can fill: all that the first seller to be asked has left, and the rest to wait for.
    None where no seller stocks it, or more than `room` units would have to wait. `taken`: what earlier lines of the
    same order take of each level."""
    # The first alone: a line has one seller, and waits for that one's goods.
    for seller_id, candidates in sellers_to_ask(demand)[:1]:
        missing = demand.quantity
        takes: list[tuple[UUID, int]] = []
        for candidate in candidates:
            units = min(candidate.available - taken.get(candidate.level_id, 0), missing)
            if units > 0:
                takes.append((candidate.level_id, units))
                missing -= units
        if 0 < missing <= room:
            return PartlyTaken(seller_id, tuple(takes), missing, tuple(c.level_id for c in candidates))
    return None
