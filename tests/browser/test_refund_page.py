"""A colleague gives money back and sees what it comes to while typing."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from orders.models.order import Order
from orders.models.refund import Refund
from orders.services.payments.confirm_payment import confirm_payment
from shared.actor import SYSTEM
from tests.browser.hands import sign_in
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, superuser
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def order(live_server: LiveServer) -> Order:
    superuser()
    placed = order_of(make_buyer(), (make_level(on_hand=9, tax_rate="0"), 3), (make_level(on_hand=9, tax_rate="0"), 1))
    confirm_payment(order_id=placed.pk, actor=SYSTEM)
    return placed


def test_the_amount_is_shown_while_typing_and_given_back_when_confirmed(page: Page, order: Order) -> None:
    sign_in(page)
    page.goto(page_url(order))
    button = page_url(order, "refund")
    page.get_by_text("More", exact=True).click()
    page.locator(f"a[href*='{button}']").click()
    page.wait_for_url(f"**{button}**")

    page.get_by_label("Quantity").first.fill("2")
    expect(page.locator("[data-live-preview]")).to_contain_text("20.00 USD")
    page.get_by_label("Restocking fee").fill("1.50")
    expect(page.locator("[data-live-preview]")).to_contain_text("18.50 USD")
    page.get_by_label("Reason").fill("broken")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("2 called off, 2 restocked")).to_be_visible()
    page.get_by_role("button", name="Give back").click()

    expect(page.get_by_text(f"18.50 USD of order {order.number} go back.")).to_be_visible()
    assert Refund.objects.get().reason == "broken"
