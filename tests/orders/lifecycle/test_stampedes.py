"""Paying, cancelling, expiring and placing at one moment, again and again: one wins, nobody deadlocks."""

from functools import partial

import pytest

from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from tests.shop.database.races import answers_together, deadlocks, run_together
from tests.shop.goods import balances, make_level, restock
from tests.shop.order_actions import LONG_AGO, cancel, pay, state
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")

ROUNDS = 15


def test_pay_and_expire_again_and_again() -> None:
    level, buyer, before = make_level(on_hand=2), make_buyer(), deadlocks()

    for _ in range(ROUNDS):
        order = order_of(buyer, (level, 1), now=LONG_AGO)
        run_together(pay(order), expire_unpaid_orders, expire_unpaid_orders)
        assert state(order) == ("CONFIRMED", "PAID")
        restock(level.pk)

    assert deadlocks() == before


def test_cancel_and_pay_again_and_again() -> None:
    level, buyer, before = make_level(on_hand=1), make_buyer(), deadlocks()

    for _ in range(ROUNDS):
        order = order_of(buyer, (level, 1))
        _, cancelled = run_together(pay(order), cancel(order))
        paid_first = getattr(cancelled, "code", "") == "already_paid"
        assert state(order) == (("CONFIRMED", "PAID") if paid_first else ("CANCELLED", "REFUND_DUE"))
        assert balances(level.pk) == (0 if paid_first else 1, 0)
        restock(level.pk)

    assert deadlocks() == before


def test_placing_short_of_stock_and_paying_the_overdue_order_again_and_again() -> None:
    level, early, late, before = make_level(on_hand=1), make_buyer(), make_buyer(), deadlocks()

    for _ in range(ROUNDS):
        overdue = order_of(early, (level, 1), now=LONG_AGO)
        _, placed = run_together(pay(overdue), partial(order_of, late, (level, 1)))
        if isinstance(placed, Order):
            assert state(overdue) == ("CANCELLED", "REFUND_DUE")
            assert balances(level.pk) == (1, 1)
            cancel(placed)()
        else:
            assert placed.code == "insufficient_stock"
            assert state(overdue) == ("CONFIRMED", "PAID")
            assert balances(level.pk) == (0, 0)
        restock(level.pk)

    assert deadlocks() == before


def test_sweepers_share_the_overdue_orders_between_them() -> None:
    levels, buyer, before = [make_level(on_hand=100) for _ in range(3)], make_buyer(), deadlocks()
    orders = [
        order_of(buyer, (levels[index % 3], 1), (levels[(index + 1) % 3], 1), now=LONG_AGO) for index in range(60)
    ]

    expired = answers_together(*[partial(expire_unpaid_orders, batch_size=7)] * 3)

    assert sum(expired) == len(orders)
    assert OrderEvent.objects.filter(kind="expired").count() == len(orders)
    assert [balances(level.pk) for level in levels] == [(100, 0)] * 3
    assert deadlocks() == before


def test_buyers_short_of_stock_and_sweepers_free_the_overdue_orders_together() -> None:
    levels, buyers, before = (
        [make_level(on_hand=10) for _ in range(2)],
        [make_buyer() for _ in range(4)],
        deadlocks(),
    )
    for _ in range(10):
        order_of(buyers[0], (levels[0], 1), (levels[1], 1), now=LONG_AGO)

    outcomes = run_together(
        expire_unpaid_orders,
        *(partial(order_of, buyer, *((level, 2) for level in levels)) for buyer in buyers),
        *(partial(order_of, buyer, *((level, 1) for level in reversed(levels))) for buyer in buyers),
    )

    placed = [outcome for outcome in outcomes if isinstance(outcome, Order)]
    assert {getattr(outcome, "code", "placed") for outcome in outcomes[1:]} <= {
        "placed",
        "insufficient_stock",
    }
    assert balances(levels[0].pk) == balances(levels[1].pk)
    assert balances(levels[0].pk)[1] == sum(order.items.all()[0].quantity for order in placed)
    assert deadlocks() == before
