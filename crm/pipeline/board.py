"""A pipeline's deals in columns, one for each stage: 3 statements, however many deals there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from crm.models.deal import Deal
from crm.models.deal_stage_change import DealStageChange
from crm.models.pipeline import Pipeline, Stage
from shared.clock import database_now
from shared.planner.lookups import one_of
from users.models.user import User

# A column's count and sums look at so many of its newest deals.
MAX_SUMMED = 1_000
CARDS = 20
MORE_CARDS = 100
MINE, TEAM = "mine", "team"

_Row = tuple[UUID, UUID, str, Decimal, int | None, datetime]


@dataclass(frozen=True, slots=True)
class Sum:
    """What deals of one currency are worth together; `weighted` by each deal's chance of being won."""

    currency: str
    total: Decimal
    weighted: Decimal


@dataclass(frozen=True, slots=True)
class Card:
    """A deal, and the whole days since it entered its stage."""

    deal: Deal
    days: int


@dataclass(frozen=True, slots=True)
class Column:
    """`is_least`: there are more deals than were counted and summed. `has_more`: than there are cards."""

    stage: Stage
    count: int
    is_least: bool
    sums: Sequence[Sum]
    cards: Sequence[Card]

    @property
    def has_more(self) -> bool:
        return self.count > len(self.cards)


def deals_of(deals: QuerySet[Deal], *, user: Any, whose: str) -> QuerySet[Deal]:
    """Those of the user for MINE, of everybody in the user's team for TEAM, else all."""
    if whose == MINE:
        return deals.filter(owner=user.pk)
    if whose == TEAM and user.team_id is not None:
        team = User.objects.filter(team=user.team_id).order_by().values_list("pk", flat=True)
        return deals.filter(one_of("owner", list(team)))
    return deals


def board_of(pipeline: Pipeline, deals: QuerySet[Deal], *, opened: UUID | None = None) -> list[Column]:
    """The pipeline's columns, showing those of `deals` that stand there, newest first: CARDS in each column, and
    MORE_CARDS in the `opened` stage's. The pipeline comes with its stages prefetched."""
    stages = sorted(pipeline.stages.all(), key=lambda stage: (stage.position, stage.pk))
    rows = _newest_of(stages, deals)
    shown = [row[0] for stage in stages for row in rows[stage.pk][: MORE_CARDS if stage.pk == opened else CARDS]]
    cards = _cards_by_deal(deals, shown)
    return [_column_of_stage(stage, rows[stage.pk], cards) for stage in stages]


def _newest_of(stages: Iterable[Stage], deals: QuerySet[Deal]) -> dict[UUID, list[_Row]]:
    """The newest deals of each stage, each from its own stretch of an index. One statement."""
    found: dict[UUID, list[_Row]] = {stage.pk: [] for stage in stages}
    columns = ("pk", "stage_id", "currency", "value", "probability", "created_at")
    parts = [
        deals.select_related(None).filter(stage=key).order_by("-created_at").values_list(*columns)[: MAX_SUMMED + 1]
        for key in found
    ]
    if not parts:
        return found
    for row in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
        found[row[1]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row[5], row[0]), reverse=True)
    return found


def _cards_by_deal(deals: QuerySet[Deal], keys: Sequence[UUID]) -> dict[UUID, Card]:
    """By deal. Two statements."""
    entered = dict(
        DealStageChange.objects.filter(one_of("deal", keys), left_at=None).values_list("deal_id", "entered_at")
    )
    now = database_now()
    shown = deals.filter(one_of("pk", keys)).order_by().select_related("customer", "owner", "stage")
    return {deal.pk: Card(deal, (now - entered.get(deal.pk, deal.created_at)).days) for deal in shown}


def _column_of_stage(stage: Stage, rows: Sequence[_Row], cards: dict[UUID, Card]) -> Column:
    totals: dict[str, Decimal] = {}
    weighted: dict[str, Decimal] = {}
    for _, _, currency, value, probability, _ in rows[:MAX_SUMMED]:
        chance = stage.probability if probability is None else probability
        totals[currency] = totals.get(currency, Decimal(0)) + value
        weighted[currency] = weighted.get(currency, Decimal(0)) + value * chance / 100
    return Column(
        stage=stage,
        count=min(len(rows), MAX_SUMMED),
        is_least=len(rows) > MAX_SUMMED,
        sums=[Sum(currency, totals[currency], weighted[currency]) for currency in sorted(totals)],
        cards=[cards[row[0]] for row in rows if row[0] in cards],
    )


def totals_of(deals: QuerySet[Deal]) -> tuple[list[tuple[str, int, Decimal]], bool]:
    """(currency, deals, value) of a list in the list's own order, MAX_SUMMED of its rows at most, and whether there
    are more. One statement."""
    rows = list(deals.select_related(None).values_list("currency", "value")[: MAX_SUMMED + 1])
    by_currency: dict[str, list[Decimal]] = {}
    for currency, value in rows[:MAX_SUMMED]:
        by_currency.setdefault(currency, []).append(value)
    sums = [(currency, len(values), sum(values, Decimal(0))) for currency, values in sorted(by_currency.items())]
    return sums, len(rows) > MAX_SUMMED
