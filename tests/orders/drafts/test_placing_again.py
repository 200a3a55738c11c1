"""An order that is placed once more."""

from decimal import Decimal

import pytest
from django.test import Client

from inventory.models.level import StockLevel
from orders.models.draft import Draft
from orders.models.order import Order
from shared.ids import new_id
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import add_url, hidden, order_form, page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import make_buyer


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


@pytest.fixture
def level(db: None) -> StockLevel:
    return make_level(on_hand=5, price="10.00")


def test_an_order_is_placed_again_at_todays_prices(boss: Client, level: StockLevel) -> None:
    buyer = make_buyer()
    order = order_of(buyer, (level, 2))
    type(level.variant).objects.filter(pk=level.variant_id).update(price=12)

    page = boss.get(page_url(order, "duplicate"), follow=True)

    assert f"as {order.number}" in text_of(page)
    assert buyer.customer.name in text_of(page)
    assert hidden(page, "lines-0-variant") == str(level.variant_id)
    assert hidden(page, "lines-0-quantity") == "2"
    boss.post(add_url(Order), order_form(buyer.customer, (level.variant, 2), key=hidden(page, "key")))
    assert sorted(Order.objects.values_list("subtotal", flat=True)) == [Decimal(20), Decimal(24)]
    assert boss.get(f"{add_url(Order)}?duplicate={new_id()}").status_code == 404


def test_no_page_of_lines_that_are_there_ends_with_an_empty_one(boss: Client, level: StockLevel) -> None:
    buyer = make_buyer()
    order = order_of(buyer, (level, 2), (make_level(on_hand=5), 1))

    desk = boss.get(page_url(order, "duplicate"), follow=True)

    assert hidden(desk, "lines-TOTAL_FORMS") == "2"
    sent = order_form(buyer.customer, (level.variant, 2), (make_level(on_hand=5).variant, 1), key=hidden(desk, "key"))
    boss.post(add_url(Order), sent | {"lines-INITIAL_FORMS": "2", "_do": "draft"})
    draft = Draft.objects.get()
    assert draft.lines.count() == 2
    assert hidden(boss.get(page_url(draft)), "lines-TOTAL_FORMS") == "2"
    assert hidden(boss.get(add_url(Draft)), "lines-TOTAL_FORMS") == "1"
