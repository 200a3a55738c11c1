"""Deals: opened, given lines, moved stage by stage, as the shop's sales people would have done it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from django.db.models import Max
from django.db.models.functions import Coalesce

from catalog.models.variant import Variant, default_currency
from crm.demo.small_talk import DEALS, LINES
from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.pipeline import Pipeline, Stage, StageKind
from crm.pipeline.deal_checks import DealDetails
from crm.services.deals.move_deal import move_deal
from crm.services.deals.open_deal import open_deal
from crm.services.deals.set_deal_lines import RequestedDealLine, set_deal_lines
from crm.services.timeline.record_change import record_change
from crm.timeline.lines import DEAL_ORDERED
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.states import OrderStatus
from shared.actor import Actor
from shared.money.amounts import round_money

_BIGGEST_ORDERS = 4


@dataclass(frozen=True, slots=True)
class DealStory:
    """`step` is the stage's place among those of its kind."""

    title: str
    customer_id: UUID
    opened: datetime
    details: DealDetails
    lines: Sequence[RequestedDealLine] = ()
    kind: str = StageKind.OPEN.value
    step: int = 0
    lost_reason: str = ""
    order: Order | None = None


class DealTeller:
    """Lives deals through, none of them beyond `today`."""

    def __init__(self, *, pipeline: Pipeline, actor: Actor, today: datetime, rng: Random) -> None:
        self._actor = actor
        self._today = today
        self._rng = rng
        self._stages: dict[str, list[Stage]] = {}
        for stage in Stage.objects.filter(pipeline=pipeline).order_by("position"):
            self._stages.setdefault(stage.kind, []).append(stage)

    def tell(self, stories: Sequence[DealStory]) -> list[Deal]:
        deals = [self._live_through(story) for story in stories]
        told = Activity.objects.filter(deal__in=deals).values("deal").annotate(last=Max("happened_at"))
        for deal_id, last in told.values_list("deal", "last"):
            Deal.objects.filter(pk=deal_id).update(updated_at=Coalesce("closed_at", last))
        return deals

    def _live_through(self, story: DealStory) -> Deal:
        deal = open_deal(
            title=story.title,
            customer_id=story.customer_id,
            actor=self._actor,
            stage_id=self._stages[StageKind.OPEN][0].pk,
            details=story.details,
            now=story.opened,
        )
        way = self._stages_passed(story)
        ends = min(story.opened + timedelta(days=self._rng.uniform(2, 9)), self._today)
        if story.lines:
            listed = story.opened + (ends - story.opened) / 10
            set_deal_lines(deal_id=deal.pk, lines=story.lines, actor=self._actor, now=listed)
        for place, stage in enumerate(way, start=1):
            at = story.opened + (ends - story.opened) * place / len(way)
            reason = story.lost_reason if stage.kind == StageKind.LOST else ""
            move_deal(deal_id=deal.pk, stage_id=stage.pk, actor=self._actor, lost_reason=reason, now=at)
        if story.order is not None:
            self._link_order(deal, story.order)
        return deal

    def _stages_passed(self, story: DealStory) -> list[Stage]:
        """The stages after the first one; staff may have changed the pipeline before."""
        kinds, stages = self._stages.get(story.kind, []), self._stages[StageKind.OPEN]
        if not kinds:
            return []
        if story.kind == StageKind.OPEN:
            return stages[1 : min(story.step, len(stages) - 1) + 1]
        reached = len(stages) if story.kind == StageKind.WON else self._rng.randrange(1, len(stages) + 1)
        return [*stages[1:reached], kinds[min(story.step, len(kinds) - 1)]]

    def _link_order(self, deal: Deal, order: Order) -> None:
        Deal.objects.filter(pk=deal.pk).update(order=order)
        record_change(
            subject=DEAL_ORDERED(title=deal.title[:120], number=order.number),
            actor=self._actor,
            customer_id=deal.customer_id,
            deal_id=deal.pk,
            now=order.created_at,
        )


def lines_of(title: str) -> list[RequestedDealLine]:
    """What the deal of that title would sell."""
    wanted = dict(LINES.get(title, ()))
    variants = Variant.objects.filter(sku__in=wanted).order_by("sku")
    return [RequestedDealLine(variant.pk, wanted[variant.sku]) for variant in variants]


def talked_about(place: int, *, customer_id: UUID, opened: datetime, details: DealDetails) -> DealStory:
    """The deal at that place of DEALS."""
    title, value, kind, step, lost_reason = DEALS[place]
    worth = round_money(Decimal(value), default_currency())
    return DealStory(title, customer_id, opened, {"value": worth, **details}, lines_of(title), kind, step, lost_reason)


def of_biggest_orders(owner_id: UUID | None) -> list[DealStory]:
    """What was talked about, for up to six days, before the biggest orders came in."""
    items = OrderItem.objects.filter(status=OrderStatus.DELIVERED).select_related("order__customer")
    biggest = {item.order_id: item for item in items.order_by("total_price", "order__number")}
    return [_story_before_order(item, owner_id) for item in list(biggest.values())[-_BIGGEST_ORDERS:]]


def _story_before_order(item: OrderItem, owner_id: UUID | None) -> DealStory:
    order = item.order
    sold: dict[UUID, RequestedDealLine] = {}
    for line in order.items.order_by("position"):
        before = sold.get(line.variant_id)
        quantity = line.quantity + (before.quantity if before else 0)
        sold[line.variant_id] = RequestedDealLine(line.variant_id, quantity, line.unit_price)
    return DealStory(
        title=f"{item.quantity} x {item.name}"[:200],
        customer_id=order.customer_id,
        opened=max(order.created_at - timedelta(days=6), order.customer.created_at),
        details={"owner_id": owner_id, "currency": order.currency},
        lines=list(sold.values()),
        kind=StageKind.WON.value,
        order=order,
    )
