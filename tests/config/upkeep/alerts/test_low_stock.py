"""Stock that runs low is told at once, each level once."""

import re

import pytest

from inventory.models.level import StockLevel
from inventory.services.set_low_stock_threshold import set_low_stock_threshold
from orders.services.orders.cancel_order import cancel_order
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.models.alert import Alert
from tests.config.upkeep.alerts.conftest import Minutes
from tests.shop.goods import make_level, restock
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.django_db
LOW = ["Kontor: Open: Stock runs low."]


def _sku(level: StockLevel) -> str:
    return level.variant.sku


def test_a_level_that_gets_low_is_told_within_the_minute(minutes: Minutes) -> None:
    level, other, empty = make_level(on_hand=8), make_level(on_hand=8), make_level(on_hand=2)
    order_of(make_buyer(), (other, 2), (empty, 1))
    assert minutes.look(0) == []  # eight less two is more than five, and what was low has not become so

    order_of(make_buyer(), (level, 3))

    assert minutes.look(1) == LOW
    text = minutes.letters.messages[-1].get_content()
    assert f"- {_sku(level)}, {level.location.name}: 5" in text
    assert _sku(other) not in text
    assert minutes.look(2) == []


def test_those_that_follow_are_told_together_and_their_end_is_no_news(minutes: Minutes) -> None:
    levels = [make_level(on_hand=6) for _ in range(3)]
    order_of(make_buyer(), (levels[0], 1))
    assert minutes.look(0) == LOW

    order_of(make_buyer(), (levels[1], 1))
    assert minutes.look(5) == []
    order_of(make_buyer(), (levels[2], 1))
    assert minutes.look(16) == ["Kontor: Still open: Stock runs low."]
    text = minutes.letters.messages[-1].get_content()
    assert [_sku(level) in text for level in levels] == [False, True, True]

    for level in levels:
        restock(level.pk, 50)
    assert [minutes.look(minute) for minute in (17, 20, 23)] == [[]] * 3
    assert Alert.objects.get(rule="KontorStockRunsLow").closed_at == minutes.at(23)


def test_goods_that_came_back_are_not_low_any_more(minutes: Minutes) -> None:
    level = make_level(on_hand=6)
    order = order_of(make_buyer(), (level, 4))
    cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)

    assert minutes.look(0) == []


def test_a_level_has_its_own_threshold(minutes: Minutes) -> None:
    level = make_level(on_hand=30)
    set_low_stock_threshold(level_id=level.pk, threshold=28)
    order_of(make_buyer(), (level, 1))
    assert minutes.look(0) == []

    order_of(make_buyer(), (level, 1))
    assert minutes.look(1) == LOW


def test_more_than_an_e_mail_names_are_counted_and_named_in_the_next(minutes: Minutes) -> None:
    levels = [make_level(on_hand=6) for _ in range(25)]
    order_of(make_buyer(), *((level, 1) for level in levels))

    assert minutes.look(0) == LOW
    first = minutes.letters.messages[-1].get_content()
    assert "- and 5 more" in first
    assert minutes.look(16) == ["Kontor: Still open: Stock runs low."]
    second = minutes.letters.messages[-1].get_content()

    named = re.findall(r"[\w-]+", first + second)  # as words: SKU-1 is no part of SKU-10
    assert [named.count(_sku(level)) for level in levels] == [1] * 25
    assert [minutes.look(minute) for minute in (32, 48)] == [[], []]


def test_a_level_that_goes_up_and_down_is_told_once_a_day(minutes: Minutes) -> None:
    level = make_level(on_hand=6)
    told = []
    for minute in (0, 20, 40):
        order = order_of(make_buyer(), (level, 1))
        told.append(minutes.look(minute))
        cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)
        for later in (1, 4, 7):
            minutes.look(minute + later)

    assert told == [LOW, [], []]
    order_of(make_buyer(), (level, 1))
    assert minutes.look(25 * 60) == LOW


def test_what_ran_low_while_nobody_could_be_written_to_is_told_with_its_names(minutes: Minutes) -> None:
    greeting, minutes.letters.greeting = minutes.letters.greeting, "421 busy"
    levels = [make_level(on_hand=6) for _ in range(2)]
    order_of(make_buyer(), (levels[0], 1))
    minutes.look(0)
    order_of(make_buyer(), (levels[1], 1))
    minutes.look(16)
    for level in levels:
        restock(level.pk, 50)
    for minute in (17, 20, 23):
        minutes.look(minute)
    assert not Alert.objects.get(rule="KontorStockRunsLow").is_open

    minutes.letters.greeting = greeting
    assert minutes.look(24) == LOW
    text = minutes.letters.messages[-1].get_content()
    assert [_sku(level) in text for level in levels] == [True] * 2
    assert "Over" not in text
