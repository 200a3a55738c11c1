"""Stock that runs low is told at once, each level once."""

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
    assert [_sku(level) in text for level in levels] == [True] * 3

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
