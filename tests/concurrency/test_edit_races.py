"""An unpaid order is put off, paid, expired and changed at one moment."""

from collections.abc import Callable
from functools import partial

import pytest

from orders.models.order import Order
from orders.services.expire_unpaid_orders import expire_unpaid_orders
from orders.services.extend_hold import extend_hold
from shared.actor import SYSTEM
from tests.concurrency.deeds import LONG_AGO, pay, state
from tests.concurrency.races import run_together, stock_held
from tests.shop import balances, make_buyer, make_level, order_of

pytestmark = pytest.mark.usefixtures("audited_shop")


def extend(order: Order) -> Callable[[], Order]:
    return partial(extend_hold, order_id=order.pk, actor=SYSTEM)


def test_putting_off_what_is_being_expired_comes_too_late() -> None:
    level = make_level(on_hand=2)
    order = order_of(make_buyer(), (level, 2), now=LONG_AGO)

    with stock_held(level.pk) as queue:
        queue.start(expire_unpaid_orders)
        queue.start(extend(order))

    assert queue.outcomes()[1].code == "reservation_expired"
    assert state(order) == ("CANCELLED", "PENDING")
    assert balances(level.pk) == (2, 0)


def test_putting_off_what_is_being_paid_comes_too_late() -> None:
    level = make_level(on_hand=2)
    order = order_of(make_buyer(), (level, 2))

    with stock_held(level.pk) as queue:
        queue.start(pay(order))
        queue.start(extend(order))

    assert queue.outcomes()[1].code == "nothing_to_extend"
    assert state(order) == ("CONFIRMED", "PAID")


def test_of_many_who_put_it_off_at_once_one_does() -> None:
    level = make_level(on_hand=2)
    order = order_of(make_buyer(), (level, 2))

    outcomes = run_together(*[extend(order)] * 4)

    assert [getattr(outcome, "code", "") for outcome in outcomes].count("extension_limit") == 3
    order.refresh_from_db()
    assert (order.hold_extensions, order.version) == (1, 2)
