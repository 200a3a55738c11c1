"""An empty shop: from the first steps on its dashboard to its first paid order."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from catalog.services.ensure_default_seller import ensure_default_seller
from inventory.models.level import StockLevel
from inventory.services.ensure_location import ensure_location
from orders.models.order import Order
from shop.models.shop import Shop
from tests.browser.hands import Hands, sign_in
from tests.browser.test_order_desk import FIND, WHO
from tests.shop.goods import balances
from tests.shop.http.admin_pages import superuser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def hands(page: Page, live_server: LiveServer) -> Hands:
    """Signed in to a shop as it is after its set-up: with a place for goods, and nothing else."""
    superuser()
    ensure_location(seller=ensure_default_seller())
    sign_in(page)
    return Hands(page)


def begin(hands: Hands, step: str) -> None:
    """From the dashboard's list of first steps."""
    hands.click(step, role="link")
    expect(hands.page).not_to_have_url(re.compile("/admin/$"))


def is_ticked(hands: Hands, step: str) -> None:
    """Back on the dashboard."""
    hands.click("Dashboard", role="link")
    expect(hands.page.locator(".k-step-done", has_text=step)).to_be_visible()


def fill_box(hands: Hands, name: str, value: str) -> None:
    """In a table of forms."""
    hands.steps += 1
    hands.page.locator(f"input[name={name}]").fill(value)


def test_a_new_shop_comes_to_its_first_paid_order(hands: Hands) -> None:
    begin(hands, "Name your shop")
    hands.fill("Name", "Linen & Co")
    hands.click("Save")
    is_ticked(hands, "Name your shop")

    begin(hands, "Add a product")
    hands.fill("Name", "Linen apron", exact=False)
    hands.click("Add another Variant", role="link")
    fill_box(hands, "variants-0-sku", "APR-M")
    fill_box(hands, "variants-0-price", "29.90")
    hands.click("Save")
    is_ticked(hands, "Add a product")

    begin(hands, "Receive goods")
    hands.pick(str(hands.page.locator("select[name$='-0-variant']").first.get_attribute("name")), "APR-M")
    fill_box(hands, "lines-2-0-quantity", "5")
    hands.click("Save")
    hands.click("Receive the goods", role="link")
    hands.click("Apply")
    expect(hands.page.get_by_text("is applied.")).to_be_visible()
    is_ticked(hands, "Receive goods")

    begin(hands, "Place an order")
    hands.fill(WHO, "Oksana Bondar")
    hands.press("Enter")
    hands.fill("Phone", "+380441234567")
    hands.fill("E-mail", "oksana@example.com")
    hands.fill(FIND, "apron")
    hands.press("Enter")
    expect(hands.page.locator("[data-totals]")).to_contain_text("29.90 USD")
    hands.click("Place order")
    hands.click("Confirm payment", role="link")
    hands.click("Confirm payment")
    expect(hands.page.get_by_role("link", name="Pack a shipment").first).to_be_visible()
    is_ticked(hands, "Place an order")

    order = Order.objects.get()
    assert (Shop.objects.get().name, order.payment_status, order.status) == ("Linen & Co", "PAID", "CONFIRMED")
    assert balances(StockLevel.objects.get().pk) == (4, 0)
    hands.check_budget(steps=33, pages=17)
