"""Orders that wait in one process are written in one transaction, and each gets the answer it would have got alone."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from inventory.ledger import stock
from inventory.models.level import StockLevel
from orders.api.orders.representations import represent_order_in_full
from orders.models.order import Order
from orders.placing.requested_lines import PlaceOrder
from orders.reads.in_full import get_order_in_full
from orders.services.orders.place_order import QUEUE, PlacedOrder, place_order
from shared.concurrency.idempotency import IdempotencyKeyReused
from shared.errors import Refusal
from shared.models.idempotency_key import IdempotencyKey
from tests.shop.database.races import PATIENCE_SECONDS, stock_held
from tests.shop.goods import balances, make_level, make_level_of_another
from tests.shop.orders import request_for
from tests.shop.people import Buyer, make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")


@pytest.fixture(autouse=True)
def together(settings: Any, each_alone: None) -> None:
    settings.PLACE_TOGETHER = True


def test_orders_that_wait_are_written_in_one_transaction() -> None:
    level, buyers = make_level(on_hand=10), [make_buyer() for _ in range(5)]

    placed = place_while_one_is_written(level, [order(buyer, (level, 1)) for buyer in buyers])

    assert [answer.created for answer in placed] == [True] * 5
    assert transactions_of_orders() == [1, 4]
    assert balances(level.pk) == (10, 5)
    assert ledger_actors(level) == {buyer.actor.user_id for buyer in buyers}


def test_a_plain_order_beside_a_split_one_is_answered_in_full() -> None:
    level, of_another = make_level(on_hand=10), make_level_of_another(on_hand=10)
    requests = [[(level, 1)], [(level, 1)], [(level, 1), (of_another, 2)], [(level, 2)]]

    placed = place_while_one_is_written(level, [order(make_buyer(), *lines) for lines in requests])

    assert transactions_of_orders() == [1, 5]  # two of them parts
    assert [len(answer.order.items.all()) for answer in placed] == [1, 1, 2, 1]
    for answer in placed:
        read_again = represent_order_in_full(get_order_in_full(answer.order.pk))
        assert represent_order_in_full(answer.order) == read_again


def test_one_that_falls_short_leaves_the_others_alone() -> None:
    level, scarce = make_level(on_hand=10), make_level(on_hand=1)
    buyers = [make_buyer() for _ in range(4)]
    both_want_it = [order(buyer, (level, 1), (scarce, 1)) for buyer in buyers[2:]]

    answers = place_while_one_is_written(level, [order(buyer, (level, 1)) for buyer in buyers[:2]] + both_want_it)

    refusals = [answer for answer in answers if isinstance(answer, Refusal)]
    assert [refusal.code for refusal in refusals] == ["insufficient_stock"]
    assert balances(level.pk) == (10, 3)
    assert balances(scarce.pk) == (1, 1)


def test_twins_that_wait_together_place_one_order() -> None:
    level, first, twin = make_level(on_hand=10), make_buyer(), make_buyer()
    same = order(twin, (level, 2), key="same")

    answers = place_while_one_is_written(level, [order(first, (level, 1)), same, same, same])

    assert sorted(answer.created for answer in answers[1:]) == [False, False, True]
    assert len({answer.order.pk for answer in answers[1:]}) == 1
    assert balances(level.pk) == (10, 3)


def test_a_key_for_two_different_orders_that_wait_together_is_refused_to_one() -> None:
    level, first, buyer = make_level(on_hand=10), make_buyer(), make_buyer()
    pair = [order(buyer, (level, units), key="one key") for units in (1, 2)]

    answers = place_while_one_is_written(level, [order(first, (level, 1)), *pair])

    assert sum(isinstance(answer, PlacedOrder) for answer in answers[1:]) == 1
    assert sum(isinstance(answer, IdempotencyKeyReused) for answer in answers[1:]) == 1
    assert Order.objects.count() == 2


def test_a_customer_that_does_not_exist_is_refused_alone() -> None:
    level, buyers = make_level(on_hand=10), [make_buyer(), make_buyer()]
    nobodys = replace(request_for(buyers[0], (level, 1)), customer_id=uuid4())
    lost = partial(place_order, request=nobodys, actor=buyers[0].actor, idempotency_key="lost")

    answers = place_while_one_is_written(level, [*(order(buyer, (level, 1)) for buyer in buyers), lost])

    assert [getattr(answer, "code", "placed") for answer in answers] == ["placed", "placed", "customer_not_found"]
    assert not IdempotencyKey.objects.filter(key="lost").exists()
    assert balances(level.pk) == (10, 2)


@pytest.fixture
def impatient() -> Iterator[None]:
    """Those who wait for others give up soon."""
    usual = QUEUE.patience
    QUEUE.patience = 0.3
    yield
    QUEUE.patience = usual


def test_who_waits_too_long_for_one_that_is_held_up_goes_alone(impatient: None) -> None:
    level, free, buyers = make_level(on_hand=10), make_level(on_hand=10), [make_buyer() for _ in range(3)]

    with stock_held(level.pk) as queue:
        queue.start(order(buyers[0], (level, 1)))
        queue.start(order(buyers[1], (level, 1)))  # waits for the stock itself: it is not asleep any more
        queue.start(order(buyers[2], (free, 1)), blocks=False)

    assert [answer.created for answer in queue.outcomes()] == [True] * 3
    assert transactions_of_orders() == [1, 1, 1]


def test_who_gives_up_while_it_is_being_written_is_placed_once(impatient: None) -> None:
    level, buyers, go_on = make_level(on_hand=10), [make_buyer() for _ in range(3)], threading.Event()

    def hold_up() -> None:
        with transaction.atomic():
            stock.lock([level.pk])
            go_on.wait(PATIENCE_SECONDS)

    with stock_held(level.pk) as queue:
        queue.start(order(buyers[0], (level, 1)))
        queue.start(hold_up)  # gets the stock next: the two that come now are held up while they are written
        QUEUE.patience = PATIENCE_SECONDS
        queue.start(order(buyers[1], (level, 1)), until=lambda: len(QUEUE) == 1)
        QUEUE.patience = 1
        queue.start(order(buyers[2], (level, 1)), until=lambda: len(QUEUE) == 2)
        threading.Timer(2, go_on.set).start()

    placed = [answer for answer in queue.outcomes() if answer]
    assert len({answer.order.pk for answer in placed}) == len(placed) == Order.objects.count() == 3
    assert balances(level.pk) == (10, 3)


def order(buyer: Buyer, *lines: tuple[StockLevel, int], key: str | None = None) -> Callable[[], PlacedOrder]:
    request: PlaceOrder = request_for(buyer, *lines)
    return partial(place_order, request=request, actor=buyer.actor, idempotency_key=key)


def _so_many_wait(count: int) -> bool:
    return len(QUEUE) == count


def place_while_one_is_written(level: StockLevel, works: list[Callable[[], PlacedOrder]]) -> list[Any]:
    """The first is held up at `level` while it is written; by then the others wait. What came of each, in order."""
    with stock_held(level.pk) as queue:
        queue.start(works[0])
        for count, work in enumerate(works[1:], start=1):
            queue.start(work, until=partial(_so_many_wait, count))
    return queue.outcomes()


def transactions_of_orders() -> list[int]:
    """How many orders each transaction wrote: rows of one transaction share its id, `xmin`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders_order GROUP BY xmin::text ORDER BY count(*)")
        return [count for (count,) in cursor.fetchall()]


def ledger_actors(level: StockLevel) -> set[Any]:
    return set(level.movements.filter(kind="reserve").values_list("actor_id", flat=True))
