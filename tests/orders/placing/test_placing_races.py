"""Many buyers at one moment: nobody gets what another one has, and one key places one order."""

import time
from functools import partial
from typing import Any

import pytest
from django.db import connection

from orders.models.order import Order
from orders.services.orders.place_order import place_order
from tests.shop.books import audit
from tests.shop.database.races import answers_together, deadlocks, own_connection, run_together, stock_held
from tests.shop.goods import balances, make_level
from tests.shop.http.api_client import post_order
from tests.shop.orders import order_of, request_for
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop", "both_ways")


def test_two_requests_for_the_last_unit_one_gets_it(secret: str) -> None:
    level, buyers = make_level(on_hand=1), [make_buyer(), make_buyer()]

    answers = answers_together(*(partial(post_order, secret, buyer, (level, 1)) for buyer in buyers))

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    [refused] = [answer.json() for answer in answers if answer.status_code == 409]
    assert refused["code"] == "insufficient_stock"
    assert [(s["requested"], s["available"]) for s in refused["shortages"]] == [(1, 0)]
    assert balances(level.pk) == (1, 1)
    assert Order.objects.count() == 1


def test_ten_buyers_of_the_last_two_units_two_get_one(secret: str) -> None:
    level, buyers = make_level(on_hand=2), [make_buyer() for _ in range(10)]

    answers = answers_together(*(partial(post_order, secret, buyer, (level, 1)) for buyer in buyers))

    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 8
    assert balances(level.pk) == (2, 2)
    assert Order.objects.count() == 2


def test_twenty_posts_with_one_key_place_one_order(secret: str) -> None:
    level, buyer = make_level(on_hand=100), make_buyer()

    answers = answers_together(*[partial(post_order, secret, buyer, (level, 3), key="once")] * 20)

    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert [a.headers.get("Idempotent-Replayed") for a in answers if a.status_code == 200] == ["true"] * 19
    assert balances(level.pk) == (100, 3)
    assert Order.objects.count() == 1


def test_twins_for_the_last_units_get_the_same_order(secret: str) -> None:
    """The replay is answered although its own look at the stock finds nothing left."""
    level, buyer = make_level(on_hand=3), make_buyer()

    answers = answers_together(*[partial(post_order, secret, buyer, (level, 3), key="once")] * 8)

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert balances(level.pk) == (3, 3)


def test_one_key_with_two_bodies_places_the_first_and_refuses_the_other(secret: str) -> None:
    level, buyer = make_level(on_hand=100), make_buyer()

    answers = answers_together(*(partial(post_order, secret, buyer, (level, units), key="once") for units in (1, 2)))

    assert sorted(answer.status_code for answer in answers) == [201, 422]
    assert Order.objects.count() == 1


def test_crossing_lines_in_opposite_order_never_deadlock() -> None:
    one, other, buyers = make_level(on_hand=1000), make_level(on_hand=1000), [make_buyer() for _ in range(4)]
    before = deadlocks()

    def buy(number: int) -> int:
        lines = ((one, 1), (other, 1)) if number % 2 else ((other, 1), (one, 1))
        for _ in range(50):
            place_order(request=request_for(buyers[number], *lines), actor=buyers[number].actor)
        return 50

    placed = run_together(*(partial(buy, number) for number in range(4)))

    assert placed == [50] * 4
    assert balances(one.pk) == balances(other.pk) == (1000, 200)
    assert deadlocks() == before


def test_orders_spread_over_shared_levels_never_sell_a_unit_twice() -> None:
    """Each buyer wants more than what is left for all, in lines that overlap."""
    levels, buyers = [make_level(on_hand=5) for _ in range(3)], [make_buyer() for _ in range(6)]

    outcomes = run_together(
        *(
            partial(order_of, buyer, (levels[index % 3], 2), (levels[(index + 1) % 3], 2))
            for index, buyer in enumerate(buyers)
        )
    )

    placed = [outcome for outcome in outcomes if isinstance(outcome, Order)]
    assert {getattr(outcome, "code", "placed") for outcome in outcomes} == {"insufficient_stock", "placed"}
    assert sum(balances(level.pk)[1] for level in levels) == 4 * len(placed)
    assert all(reserved <= on_hand for on_hand, reserved in (balances(level.pk) for level in levels))


def test_the_audit_stays_clean_while_orders_are_placed() -> None:
    level, buyer = make_level(on_hand=1000), make_buyer()

    def buy() -> list[int]:
        return [order_of(buyer, (level, 1)).version for _ in range(60)]

    def look() -> list[int]:
        with own_connection():
            return [audit()[0] for _ in range(8)]

    assert run_together(buy, buy, look) == [[1] * 60, [1] * 60, [0] * 8]


def test_a_twin_in_flight_is_waited_for_longer_than_for_any_lock(settings: Any) -> None:
    settings.MAX_STOCK_RETRY_ATTEMPTS = 1
    level, buyer = make_level(on_hand=10), make_buyer()
    place = partial(place_order, request=request_for(buyer, (level, 1)), actor=buyer.actor, idempotency_key="twin")

    def place_impatiently() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        return place()

    with stock_held(level.pk) as queue:
        queue.start(place)
        queue.start(place_impatiently, until=lambda: True)
        time.sleep(1)  # twenty times as long as one wait for the key

    first, twin = queue.outcomes()
    assert (first.created, twin.created) == (True, False)
    assert balances(level.pk) == (10, 1)
