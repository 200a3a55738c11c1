"""A buyer who sends many orders at one moment gets no more of them than one after another."""

from functools import partial
from typing import Any

import pytest

from orders.models.order import Order
from orders.services.orders.place_order import PlacedOrder, place_order
from tests.shop.database.races import run_together
from tests.shop.goods import balances, make_level
from tests.shop.orders import request_for
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop", "both_ways")


@pytest.mark.parametrize(("limit", "orders"), [("ORDER_LIMIT_UNPAID_ORDERS", 4), ("ORDER_LIMIT_HELD_UNITS", 2)])
def test_orders_that_come_at_once_are_counted_one_after_another(settings: Any, limit: str, orders: int) -> None:
    setattr(settings, limit, 4)
    level, buyer, other = make_level(on_hand=100), make_buyer(), make_buyer()
    asked = [
        partial(place_order, request=request_for(who, (level, 2)), actor=who.actor, as_customer=True)
        for who in [buyer] * 16 + [other]
    ]

    answers = run_together(*asked)

    assert sum(isinstance(answer, PlacedOrder) for answer in answers) == orders + 1
    assert {answer.code for answer in answers if not isinstance(answer, PlacedOrder)} == {"order_limit"}
    assert Order.objects.filter(customer=buyer.customer).count() == orders
    assert balances(level.pk) == (100, 2 * (orders + 1))
