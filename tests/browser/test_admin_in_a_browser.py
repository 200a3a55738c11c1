"""A colleague's day in the admin, with mouse and keyboard."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from inventory.models.level import StockLevel
from orders.models.order import Order
from tests.browser.hands import come_back, sign_in
from tests.shop.admin_rows import make_deal
from tests.shop.goods import balances, make_level
from tests.shop.http.admin_pages import page_url, superuser
from tests.shop.http.sold_pages import sold_pages
from tests.shop.orders import order_of
from tests.shop.people import Buyer, make_buyer
from users.models.customer import Customer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _sign_in(page: Page) -> None:
    sign_in(page)
    expect(page.get_by_text("Orders today")).to_be_visible()


@pytest.fixture
def shop(live_server: LiveServer) -> tuple[Buyer, StockLevel]:
    superuser()
    return make_buyer(), make_level(on_hand=9)


def _find(page: Page, field: str, term: str) -> None:
    """Choose the first suggestion of the order desk."""
    page.get_by_label(field).fill(term)
    page.locator(".k-finds li", has_text=term).first.click()


def test_stock_is_adjusted_with_a_reason(page: Page, shop: tuple[Buyer, StockLevel]) -> None:
    level = shop[1]
    _sign_in(page)

    page.goto(page_url(level))
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Adjust stock").click()
    page.get_by_label("Change of the quantity on hand").fill("-2")
    page.get_by_label("Reason").fill("damaged in transport")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("9 → 7").first).to_be_visible()
    assert balances(level.pk) == (9, 0)
    page.get_by_role("button", name="Adjust stock").click()

    expect(page.get_by_text("changed by -2")).to_be_visible()
    expect(page.get_by_role("cell", name="damaged in transport")).to_be_visible()
    assert balances(level.pk) == (7, 0)


def test_an_order_is_placed_by_a_double_click_and_paid(page: Page, shop: tuple[Buyer, StockLevel]) -> None:
    buyer, level = shop
    second = make_level(on_hand=5)
    _sign_in(page)

    page.get_by_role("link", name="New order").first.click()
    _find(page, "Name, phone number or e-mail address", buyer.customer.name)
    _find(page, "Add by words, SKU or barcode", level.variant.sku)
    page.locator("input[name=lines-0-quantity]").fill("2")
    third = make_level(on_hand=5)
    _find(page, "Add by words, SKU or barcode", second.variant.sku)
    _find(page, "Add by words, SKU or barcode", third.variant.sku)
    expect(page.locator("[data-line]")).to_have_count(3)
    page.get_by_role("button", name="Remove this line").last.click()
    page.get_by_role("button", name="Place order").dblclick()
    expect(page.get_by_text(re.compile(r"Order \d+ is placed"))).to_be_visible()
    expect(page.locator(".k-countdown").first).to_have_text(re.compile(r"1[45]:\d\d left"))

    page.get_by_role("link", name="Confirm payment").click()
    page.get_by_label("Reference").fill("TRF-7")
    page.get_by_role("button", name="Confirm payment").click()

    expect(page.get_by_text("Confirmed, payment paid")).to_be_visible()
    order = Order.objects.get()
    assert (order.status, order.items.count()) == ("CONFIRMED", 2)
    assert (balances(level.pk), balances(second.pk)) == ((7, 0), (4, 0))


def test_an_order_is_cancelled_after_saying_why(
    page: Page, shop: tuple[Buyer, StockLevel], live_server: LiveServer
) -> None:
    buyer, level = shop
    order = order_of(buyer, (level, 3))
    come_back(page, live_server)

    page.get_by_role("link", name=order.number).click()
    page.wait_for_url(f"**{page_url(order)}**")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Cancel", exact=False).first.click()
    page.get_by_role("button", name="Cancel the order").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    page.get_by_label("Note").fill("ordered by mistake")
    page.get_by_role("button", name="Cancel the order").click()

    expect(page.get_by_text("is cancelled and its stock free again")).to_be_visible()
    expect(page.get_by_text("ordered by mistake").first).to_be_visible()
    assert balances(level.pk) == (9, 0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_fit_a_phone(page: Page, shop: tuple[Buyer, StockLevel], live_server: LiveServer, theme: Any) -> None:
    buyer, level = shop
    order = order_of(buyer, (level, 3))
    Customer.objects.filter(pk=buyer.customer.pk).update(name="Wilhelmina Featherstonehaugh-Cholmondeley")
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": 390, "height": 844})
    come_back(page, live_server)

    for url in (
        "/admin/",
        "/admin/orders/order/",
        "/admin/orders/order/add/",
        page_url(order),
        page_url(order, "cancel"),
        page_url(level),
        page_url(level, "adjust_stock"),
        page_url(buyer.customer, "page"),
        page_url(buyer.customer),
        page_url(level.variant.product),
        page_url(make_deal(buyer)),
        *sold_pages(buyer),
    ):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, url
        expect(page.locator("html.dark")).to_have_count(int(theme == "dark"))
        expect(page.get_by_role("main")).to_be_visible()
