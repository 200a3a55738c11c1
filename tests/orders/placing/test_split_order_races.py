"""Orders over several sellers in a rush: whole or not at all, whoever comes first."""

from functools import partial

import pytest

from orders.models.order import Order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from tests.shop.database.races import run_together, stock_held
from tests.shop.goods import balances, make_level, make_level_of_another
from tests.shop.order_actions import LONG_AGO, cancel, pay, state
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")


def states_of_parts(order: Order) -> set[tuple[str, str]]:
    return set(Order.objects.filter(parent=order).values_list("status", "payment_status"))


def test_the_last_units_of_three_sellers_go_to_whole_orders_only() -> None:
    levels = [make_level(on_hand=7), make_level_of_another(on_hand=5), make_level_of_another(on_hand=9)]
    buyers = [make_buyer() for _ in range(24)]

    # Each names the sellers in another order: none may wait for another in a circle.
    run_together(
        *(
            partial(order_of, buyer, *((level, 1) for level in levels[index % 3 :] + levels[: index % 3]))
            for index, buyer in enumerate(buyers)
        )
    )

    placed = Order.objects.filter(parent=None)
    assert placed.count() == 5
    assert Order.objects.exclude(parent=None).count() == 15
    assert [balances(level.pk) for level in levels] == [(7, 5), (5, 5), (9, 5)]


def test_paying_cancelling_and_expiring_a_split_order_has_one_winner() -> None:
    levels = [make_level(on_hand=4), make_level_of_another(on_hand=4)]
    orders = [order_of(make_buyer(), *((level, 1) for level in levels), now=LONG_AGO) for _ in range(4)]

    deeds = [deed for order in orders for deed in (pay(order), cancel(order), expire_unpaid_orders)]
    run_together(*deeds)

    ended = {state(order) for order in orders}
    assert ended <= {("CONFIRMED", "PAID"), ("CANCELLED", "REFUND_DUE")}
    assert all(states_of_parts(order) == {state(order)} for order in orders)


def test_paying_an_overdue_split_order_keeps_the_sweep_away() -> None:
    near, far = make_level(on_hand=1), make_level_of_another(on_hand=1)
    order = order_of(make_buyer(), (near, 1), (far, 1), now=LONG_AGO)

    with stock_held(far.pk) as queue:
        queue.start(pay(order))
        queue.start(expire_unpaid_orders, blocks=False)

    assert queue.outcomes()[1] == 0
    assert states_of_parts(order) == {state(order)} == {("CONFIRMED", "PAID")}
    assert balances(near.pk) == balances(far.pk) == (0, 0)
