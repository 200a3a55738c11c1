"""At the counter: goods come back, and an order that was changed is paid in full. Each within so many pages."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.models.order_return import Return
from orders.models.payment import Payment
from orders.models.refund import Refund
from orders.services.orders.advance_order import advance_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import OrderStatus
from shared.actor import SYSTEM
from tests.browser.hands import Hands, come_back
from tests.shop.goods import balances, make_level
from tests.shop.http.admin_pages import page_url, superuser
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def level(live_server: LiveServer) -> StockLevel:
    superuser()
    return make_level(on_hand=9, price="10.00", tax_rate="0")


@pytest.fixture
def order(level: StockLevel) -> Order:
    """3 x 10.00, paid."""
    placed = order_of(make_buyer(), (level, 3))
    confirm_payment(order_id=placed.pk, actor=SYSTEM)
    return placed


@pytest.fixture
def counter(page: Page, order: Order, live_server: LiveServer) -> Page:
    come_back(page, live_server)
    return page


@pytest.mark.parametrize("width", [390, 1440])
def test_goods_come_back_with_their_money_in_four_pages(
    counter: Page, order: Order, level: StockLevel, width: int
) -> None:
    for status in (OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.DELIVERED):
        advance_order(order_id=order.pk, status=status, actor=SYSTEM)
    counter.set_viewport_size({"width": width, "height": 844})
    hands = Hands(counter)

    counter.goto(page_url(order))
    hands.choose_more("Return goods")
    expect(counter.get_by_label("Restocking fee")).to_be_visible()
    hands.fill(f"Comes back: {level.variant.sku}", "2")
    hands.fill(f"Not for sale again: {level.variant.sku}", "1")
    hands.fill("Reason", "too small", exact=False)
    expect(counter.locator("[data-live-preview]")).to_contain_text("Goes back to the customer: 20.00 USD")
    assert counter.evaluate("document.documentElement.scrollWidth") <= width
    hands.click("Continue")
    expect(counter.get_by_text("The shelf it was sold from")).to_be_visible()
    counter.get_by_role("button", name="Take the goods back").dblclick()
    hands.steps += 1
    expect(counter.get_by_text("is received, and 20.00 USD go back.")).to_be_visible()
    expect(counter.get_by_role("heading", name=f"Order {order.number}")).to_be_visible()

    assert (Return.objects.get().status, Refund.objects.get().amount) == ("REFUNDED", 20)
    assert balances(level.pk) == (7, 0)
    hands.check_budget(steps=8, pages=4)


def test_goods_that_are_still_on_their_way_ask_for_neither_shelf_nor_money(counter: Page, order: Order) -> None:
    for status in (OrderStatus.PROCESSING, OrderStatus.SHIPPED):
        advance_order(order_id=order.pk, status=status, actor=SYSTEM)
    counter.goto(page_url(order, "take_back"))
    money, shelf = counter.get_by_label("Restocking fee"), counter.locator("select[name=location]")
    expect(money).to_be_visible()

    counter.get_by_label("Give the money back").uncheck()
    expect(money).to_be_hidden()
    expect(shelf).to_be_visible()
    counter.get_by_label("The goods are here").uncheck()

    expect(shelf).to_be_hidden()
    expect(counter.get_by_label("Give the money back")).to_be_hidden()


def test_an_order_that_costs_more_now_is_paid_in_full_once(counter: Page, order: Order, level: StockLevel) -> None:
    hands = Hands(counter)

    counter.goto(page_url(order))
    hands.choose_more("Change lines")
    hands.fill(f"Units: {level.variant.sku}", "4")
    hands.fill("Reason", "one more", exact=False)
    hands.click("Continue")
    hands.click("Change the order")
    expect(counter.get_by_text("10.00 USD is still to be paid")).to_be_visible()
    hands.click("Take the rest: 10.00 USD", role="link")
    hands.steps += 1
    counter.get_by_role("button", name="Take the payment").dblclick()
    expect(counter.get_by_role("link", name="Pack a shipment").first).to_be_visible()

    assert sorted(paid.amount for paid in Payment.objects.all()) == [10, 30]
    order.refresh_from_db()
    assert (order.total, order.open_amount, order.payment_status) == (40, None, "PAID")
    hands.check_budget(steps=8, pages=6)
