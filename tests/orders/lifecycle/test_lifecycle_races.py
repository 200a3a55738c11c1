"""Two want the same order: the first has locked it and waits for its stock when the second comes. One wins."""

from functools import partial

import pytest

from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.payment import Payment
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.payments.confirm_payment import confirm_payment
from shared.actor import SYSTEM
from tests.shop.database.races import stock_held
from tests.shop.goods import balances, make_level
from tests.shop.order_actions import LONG_AGO, cancel, pay, state
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")


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


def test_a_buyer_short_of_stock_does_not_expire_what_is_being_cancelled() -> None:
    level = make_level(on_hand=1)
    overdue, buyer = order_of(make_buyer(), (level, 1), now=LONG_AGO), make_buyer()

    with stock_held(level.pk) as queue:
        queue.start(cancel(overdue))
        queue.start(partial(order_of, buyer, (level, 1)))

    assert isinstance(queue.outcomes()[1], Order)
    assert state(overdue) == ("CANCELLED", "PENDING")
    assert (overdue.cancel_reason, overdue.version) == ("staff", 2)
    assert balances(level.pk) == (1, 1)


def test_paying_late_finds_the_unit_with_the_buyer_who_was_short_of_it() -> None:
    level = make_level(on_hand=1)
    overdue, buyer = order_of(make_buyer(), (level, 1), now=LONG_AGO), make_buyer()
    order_of(buyer, (level, 1))

    confirm_payment(order_id=overdue.pk, actor=SYSTEM)

    assert state(overdue) == ("CANCELLED", "REFUND_DUE")
    assert balances(level.pk) == (1, 1)
