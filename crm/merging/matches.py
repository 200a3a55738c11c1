"""Customers that are like one customer."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from crm.merging.similarity import COMPARED, MatchKey, reasons_of, score_of
from crm.models.duplicate_pair import DuplicatePair, PairReason, PairState
from shared.planner.folding import folded, in_any_case
from users.models.customer import Customer

_LOOKED_AT = 50


class CustomerMatch(NamedTuple):
    customer_id: UUID
    score: int
    reasons: list[PairReason]


def duplicates_of(*, customer_id: UUID, limit: int = 10) -> list[CustomerMatch]:
    """Customers like this one, the likeliest first, without those that were dismissed; by indexes, at once."""
    match_key = match_keys_of(Customer.objects.filter(pk=customer_id))
    if not match_key:
        return []
    one = match_key[0]
    dismissed = _dismissed_with(customer_id)
    found = {other.id: other for other in _candidates_for(one) if other.id != one.id and other.id not in dismissed}
    alike = [
        CustomerMatch(other.id, score_of(reasons), reasons)
        for other in found.values()
        if (reasons := reasons_of(one, other))
    ]
    # A similar name alone is many people's: something else must speak for it.
    likely = [one for one in alike if one.score > 0 and set(one.reasons) != {PairReason.SIMILAR_NAME}]
    return sorted(likely, key=lambda one: (-one.score, one.customer_id))[:limit]


def _dismissed_with(customer_id: UUID) -> set[UUID]:
    dismissed = DuplicatePair.objects.filter(state=PairState.DISMISSED)
    firsts = dismissed.filter(second=customer_id).values_list("first_id", flat=True)
    return set(firsts) | set(dismissed.filter(first=customer_id).values_list("second_id", flat=True))


def _candidates_for(one: MatchKey) -> Iterator[MatchKey]:
    """Each by its own index, and no more of each than can be looked at."""
    living = Customer.objects.filter(erased_at=None)
    if one.email:
        yield from match_keys_of(living.filter(in_any_case("email", one.email))[:_LOOKED_AT])
    if one.phone_e164:
        yield from match_keys_of(living.filter(phone_e164=one.phone_e164)[:_LOOKED_AT])
    words = one.name.split()
    # The index is of the name as written: given name first and given name last are two look-ups.
    names = {" ".join(words), " ".join(words[1:] + words[:1]), " ".join(words[-1:] + words[:-1])}
    yield from match_keys_of(living.filter(reduce(or_, (folded("name", name) for name in names)))[:_LOOKED_AT])
    if one.company_id is not None:
        yield from match_keys_of(living.filter(company=one.company_id).order_by("-id")[: 4 * _LOOKED_AT])


def match_keys_of(customers: QuerySet[Customer]) -> list[MatchKey]:
    return [MatchKey(*row) for row in customers.values_list(*COMPARED)]
