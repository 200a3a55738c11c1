"""Find customers that may be one and the same, among all of them; a job does it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import combinations, groupby, islice
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Count, Expression, F, QuerySet
from django.db.models.functions import Lower

from crm.merging.similarity import COMPARED, MatchKey, name_key, reasons_of, score_of
from crm.models.duplicate_pair import DuplicatePair, PairReason, PairState
from shared.clock import database_now
from shared.database.purging import delete_in_batches
from shared.database.transactions import take_time
from users.models.customer import Customer

log = structlog.get_logger("kontor.crm")

# A value that more customers share is a switchboard's number or a placeholder, and says nothing.
MAX_SHARING = 20
# So many are all compared with each other; of more, each is compared with the oldest.
_ALL_WITH_ALL = 5
# Of a company's people in the order of their names, each is compared with so many that follow.
_NEIGHBOURS = 3
_MAX_OF_COMPANY = 5_000
MAX_PAIRS = 100_000
LEAST_SCORE = 50
_BATCH = 1_000
_MAX_SECONDS = 300


def find_duplicates(*, now: datetime | None = None) -> int:
    """Look at every customer and keep the pairs that are alike; return how many. Pairs that no longer are, go, but for
    dismissed ones. Reads in one go, at most MAX_PAIRS; writes in batches that commit by themselves."""
    started = now or database_now()
    pairs = _all_pairs()
    rows = [_pair_row(first, second, reasons, started) for (first, second), reasons in sorted(pairs.items())]
    written = sum(_write_pairs(rows[start : start + _BATCH]) for start in range(0, len(rows), _BATCH))
    # Of a list that was cut off nobody can tell which pairs are gone.
    if len(pairs) < MAX_PAIRS:
        delete_in_batches(DuplicatePair.objects.filter(state=PairState.OPEN, found_at__lt=started))
    log.info("duplicates_found", pairs=written)
    return written


def _all_pairs() -> dict[tuple[UUID, UUID], list[PairReason]]:
    found: dict[tuple[UUID, UUID], list[PairReason]] = {}
    with transaction.atomic():
        take_time(_MAX_SECONDS)
        for one, other in _candidate_pairs():
            first, second = sorted((one, other), key=lambda match_key: match_key.id)
            reasons = reasons_of(first, second)
            if score_of(reasons) >= LEAST_SCORE:
                found[first.id, second.id] = reasons
            if len(found) >= MAX_PAIRS:
                log.warning("too_many_duplicates", looked_for=MAX_PAIRS)
                break
    return found


def _candidate_pairs() -> Iterator[tuple[MatchKey, MatchKey]]:
    """Pairs worth comparing, as many as there are customers at most a few times over."""
    living = Customer.objects.filter(erased_at=None)
    for group in _groups_sharing(living.exclude(email=""), Lower("email")):
        yield from _pairs_of(group)
    for group in _groups_sharing(living.exclude(phone_e164=""), F("phone_e164")):
        yield from _pairs_of(group)
    members = living.filter(company__isnull=False).order_by("company_id", "-id").values_list(*COMPARED)
    match_keys = (MatchKey(*row) for row in members.iterator(chunk_size=5_000))
    for _, people in groupby(match_keys, key=lambda match_key: match_key.company_id):
        yield from _neighbours_by_name(list(islice(people, _MAX_OF_COMPANY)))


def _groups_sharing(customers: QuerySet[Customer], value: Expression | F) -> Iterator[list[MatchKey]]:
    """Groups of a few customers that have the same value, oldest first."""
    keyed: Any = customers.order_by().annotate(key=value)
    shared = keyed.values("key").annotate(n=Count("pk")).filter(n__gt=1, n__lte=MAX_SHARING).values("key")
    rows = keyed.filter(key__in=shared).order_by("key", "id").values_list("key", *COMPARED)
    for _, group in groupby(rows.iterator(chunk_size=5_000), key=lambda row: row[0]):
        yield [MatchKey(*row[1:]) for row in group]


def _pairs_of(group: Sequence[MatchKey]) -> Iterable[tuple[MatchKey, MatchKey]]:
    return combinations(group, 2) if len(group) <= _ALL_WITH_ALL else ((group[0], other) for other in group[1:])


def _neighbours_by_name(people: Sequence[MatchKey]) -> Iterator[tuple[MatchKey, MatchKey]]:
    by_name = sorted(people, key=lambda match_key: (name_key(match_key.name), match_key.id))
    for place, one in enumerate(by_name):
        for other in by_name[place + 1 : place + 1 + _NEIGHBOURS]:
            yield one, other


def _pair_row(first: UUID, second: UUID, reasons: list[PairReason], found_at: datetime) -> DuplicatePair:
    plain = [reason.value for reason in reasons]
    return DuplicatePair(first_id=first, second_id=second, score=score_of(reasons), reasons=plain, found_at=found_at)


def _write_pairs(rows: Sequence[DuplicatePair]) -> int:
    """Add the pairs, or bring what is known of them up to date; one whose customer is gone meanwhile is left out."""
    for _ in range(3):
        keys = {key for row in rows for key in (row.first_id, row.second_id)}
        there = set(Customer.objects.filter(pk__in=keys).values_list("pk", flat=True))
        rows = [row for row in rows if {row.first_id, row.second_id} <= there]
        try:
            with transaction.atomic():
                DuplicatePair.objects.bulk_create(
                    rows,
                    update_conflicts=True,
                    unique_fields=["first", "second"],
                    update_fields=["score", "reasons", "found_at"],
                )
            return len(rows)
        except IntegrityError:  # a customer was deleted or merged since we looked
            continue
    return 0
