"""Paying, cancelling, expiring and placing that want the same order or unit: one wins, nobody deadlocks."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest

from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.payment import Payment
from orders.order_state import CancelReason
from orders.services.cancel_order import cancel_order
from orders.services.confirm_payment import confirm_payment
from orders.services.expire_unpaid_orders import expire_unpaid_orders
from shared.actor import SYSTEM
from tests.concurrency.races import deadlocks, run_together, stock_held
from tests.shop import balances, make_buyer, make_level, order_of, restock

pytestmark = pytest.mark.usefixtures("audited_shop")

LONG_AGO = datetime(2024, 5, 1, 9, 0, tzinfo=UTC)
ROUNDS = 15


def pay(order: Order) -> Callable[[], Order]:
    return partial(confirm_payment, order_id=order.pk, actor=SYSTEM, reference="bank-1")


def cancel(order: Order) -> Callable[[], Order]:
    return partial(cancel_order, order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)


def state(order: Order) -> tuple[str, str]:
    order.refresh_from_db()
    return order.status, order.payment_status


# Forced: the first has locked the order and waits for its stock when the second comes.


def test_paying_an_overdue_order_keeps_the_sweep_away() -> None:
    level = make_level(on_hand=2)
    order = order_of(make_buyer(), (level, 2), now=LONG_AGO)

    with stock_held(level.pk) as queue:
        queue.start(pay(order))
        queue.start(expire_unpaid_orders, blocks=False)

    assert queue.outcomes()[1] == 0
    assert state(order) == ("CONFIRMED", "PAID")
    assert balances(level.pk) == (0, 0)


def test_paying_an_order_that_is_being_expired_takes_its_stock_again() -> None:
    level = make_level(on_hand=2)
    order = order_of(make_buyer(), (level, 2), now=LONG_AGO)

    with stock_held(level.pk) as queue:
        queue.start(expire_unpaid_orders)
        queue.start(pay(order))

    assert queue.outcomes()[0] == 1
    assert state(order) == ("CONFIRMED", "PAID")
    assert list(OrderEvent.objects.filter(order=order).order_by("created_at", "id").values_list("kind", flat=True)) == [
        "placed",
        "expired",
        "paid",
    ]
    assert balances(level.pk) == (0, 0)


def test_cancelling_a_paid_order_comes_too_late() -> None:
    level = make_level(on_hand=2)
    order = order_of(make_buyer(), (level, 2))

    with stock_held(level.pk) as queue:
        queue.start(pay(order))
        queue.start(cancel(order))

    assert queue.outcomes()[1].code == "already_paid"
    assert state(order) == ("CONFIRMED", "PAID")
    assert balances(level.pk) == (0, 0)


def test_paying_a_cancelled_order_is_money_to_give_back() -> None:
    level = make_level(on_hand=2)
    order = order_of(make_buyer(), (level, 2))

    with stock_held(level.pk) as queue:
        queue.start(cancel(order))
        queue.start(pay(order))

    assert state(order) == ("CANCELLED", "REFUND_DUE")
    assert balances(level.pk) == (2, 0)


def test_cancelling_twice_gives_the_stock_back_once() -> None:
    level = make_level(on_hand=2)
    order = order_of(make_buyer(), (level, 2))

    with stock_held(level.pk) as queue:
        queue.start(cancel(order))
        queue.start(cancel(order))

    assert [outcome.version for outcome in queue.outcomes()] == [2, 2]
    assert balances(level.pk) == (2, 0)


def test_paying_twice_with_one_reference_sells_once() -> None:
    level = make_level(on_hand=2)
    order = order_of(make_buyer(), (level, 2))

    with stock_held(level.pk) as queue:
        queue.start(pay(order))
        queue.start(pay(order))

    assert Payment.objects.filter(order=order).count() == 1
    assert balances(level.pk) == (0, 0)


def test_a_buyer_short_of_stock_waits_for_the_payment_of_the_overdue_order() -> None:
    level = make_level(on_hand=1)
    overdue, buyer = order_of(make_buyer(), (level, 1), now=LONG_AGO), make_buyer()

    with stock_held(level.pk) as queue:
        queue.start(pay(overdue))
        queue.start(partial(order_of, buyer, (level, 1)))

    assert queue.outcomes()[1].code == "insufficient_stock"
    assert state(overdue) == ("CONFIRMED", "PAID")
    assert balances(level.pk) == (0, 0)


def test_paying_late_finds_the_unit_with_the_buyer_who_was_short_of_it() -> None:
    level = make_level(on_hand=1)
    overdue, buyer = order_of(make_buyer(), (level, 1), now=LONG_AGO), make_buyer()
    order_of(buyer, (level, 1))

    confirm_payment(order_id=overdue.pk, actor=SYSTEM)

    assert state(overdue) == ("CANCELLED", "REFUND_DUE")
    assert balances(level.pk) == (1, 1)


# Free: again and again at one moment, however it comes out.


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

    expired = run_together(*[partial(expire_unpaid_orders, batch_size=7)] * 3)

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
