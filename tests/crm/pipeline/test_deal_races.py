"""Colleagues at one deal at the same moment: one order, one way through the stages."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest
from django.db import transaction

from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.deal_stage_change import DealStageChange
from crm.models.task import Task
from crm.services.deals.move_deal import move_deal
from crm.services.deals.open_deal import open_deal
from crm.services.deals.order_deal import OrderedDeal, order_deal
from crm.services.deals.put_into_stage import StageChanged
from crm.services.pipelines.save_stage import update_stage
from crm.services.tasks.complete_task import complete_task
from orders.models.order import Order
from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine
from orders.services.orders.place_order import place_order
from shared.actor import SYSTEM
from shared.errors import StaleVersion
from tests.shop.database.races import Queue, answers_together, run_together
from tests.shop.deal_lines import add_line
from tests.shop.goods import balances, make_level
from tests.shop.http.deal_pages import stage
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")


def _deal_with_lines(units: int, *, on_hand: int) -> tuple[Deal, UUID]:
    buyer, level = make_buyer(), make_level(on_hand=on_hand)
    deal = open_deal(title="Forty chairs", customer_id=buyer.customer.pk, actor=buyer.actor)
    add_line(deal, level.variant_id, units)
    return deal, level.pk


@pytest.mark.usefixtures("both_ways")
def test_two_colleagues_order_one_deal_at_once_and_get_one_order() -> None:
    for _ in range(5):
        deal, level_id = _deal_with_lines(3, on_hand=100)
        works = [partial(order_deal, deal_id=deal.pk, actor=make_buyer().actor, agrees_prices=True) for _ in range(4)]

        outcomes = answers_together(*works)

        orders = Order.objects.filter(customer=deal.customer_id)
        assert {outcome.order.pk for outcome in outcomes} == {orders.get().pk}
        assert sum(outcome.created for outcome in outcomes) == 1
        assert balances(level_id) == (100, 3)
        deal.refresh_from_db()
        assert (deal.order, deal.status) == (orders.get(), "won")
        assert DealStageChange.objects.filter(deal=deal).count() == 2
        assert Activity.objects.filter(deal=deal, subject__contains="placed").count() == 1


def test_an_order_that_was_placed_before_a_crash_is_found_and_linked() -> None:
    deal, level_id = _deal_with_lines(3, on_hand=10)
    line = deal.lines.get()
    wanted = PlaceOrder(deal.customer_id, (PlaceOrderLine(str(line.variant_id), 3),), deal.title, deal.currency)
    # All that is committed when the process ends between placing and linking.
    place_order(request=wanted, actor=replace(SYSTEM, principal_id=deal.pk), idempotency_key="deal")
    deal.refresh_from_db()
    assert (deal.order, deal.status, balances(level_id)) == (None, "open", (10, 3))
    other = make_level(on_hand=5)
    add_line(deal, other.variant_id)

    found = order_deal(deal_id=deal.pk, actor=make_buyer().actor, agrees_prices=True)

    assert not found.created
    assert found.deal.order == Order.objects.get()
    assert (balances(level_id), balances(other.pk)) == ((10, 3), (5, 0))


def test_of_two_who_drag_one_card_at_once_one_is_told() -> None:
    buyer = make_buyer()
    for _ in range(5):
        deal = open_deal(title="Forty chairs", customer_id=buyer.customer.pk, actor=buyer.actor)
        move = partial(move_deal, deal_id=deal.pk, actor=SYSTEM, expected_updated_at=deal.updated_at)

        outcomes = run_together(
            partial(move, stage_id=stage("Qualified").pk), partial(move, stage_id=stage("Proposal").pk)
        )

        assert Counter(type(outcome) for outcome in outcomes) == {Deal: 1, StaleVersion: 1}
        moved = next(outcome for outcome in outcomes if isinstance(outcome, Deal))
        deal.refresh_from_db()
        assert deal.stage == moved.stage
        assert DealStageChange.objects.filter(deal=deal).count() == 2


def test_a_task_that_two_tick_off_comes_back_once() -> None:
    deal, _ = _deal_with_lines(1, on_hand=1)
    task = Task.objects.create(title="Call", deal=deal, due_at=deal.created_at, repeat="daily")

    run_together(*[partial(complete_task, task_id=task.pk, actor=SYSTEM)] * 4)

    assert Task.objects.count() == 2


@pytest.mark.parametrize("way", ["opened", "moved", "ordered"])
def test_no_deal_comes_into_a_stage_whose_kind_is_being_changed(way: str) -> None:
    deal, _ = _deal_with_lines(1, on_hand=5)
    target = {"opened": stage("Qualified"), "moved": stage("Proposal"), "ordered": stage("Won")}[way]
    works: dict[str, Callable[[], object]] = {
        "opened": partial(
            open_deal, title="Lamps", customer_id=deal.customer_id, stage_id=target.pk, actor=make_buyer().actor
        ),
        "moved": partial(move_deal, deal_id=deal.pk, stage_id=target.pk, actor=SYSTEM),
        "ordered": partial(order_deal, deal_id=deal.pk, actor=make_buyer().actor, agrees_prices=True),
    }

    with ThreadPoolExecutor(1) as pool:
        queue = Queue(pool)
        with transaction.atomic():
            update_stage(stage_id=target.pk, changes={"kind": "lost" if way != "ordered" else "open"})
            queue.start(works[way])
        (outcome,) = queue.outcomes()

    assert [d.title for d in Deal.objects.select_related("stage") if d.status != d.stage.kind] == []
    # Ordering goes on: the order is placed already, and a deal without a won stage keeps its own.
    assert isinstance(outcome, OrderedDeal if way == "ordered" else StageChanged)
