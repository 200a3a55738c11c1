"""From a lead to its order: with the mouse, with the keyboard, and back when somebody else was faster."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.services.deals.move_deal import move_deal
from inventory.models.level import StockLevel
from orders.models.order import Order
from shared.actor import SYSTEM
from tests.browser.hands import Hands, come_back
from tests.browser.test_accessibility import faults_on
from tests.shop.goods import balances, make_level
from tests.shop.http.admin_pages import page_url, superuser
from tests.shop.http.deal_pages import board_url, opened, stage
from tests.shop.people import CustomerFactory, make_buyer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def level(live_server: LiveServer) -> StockLevel:
    superuser()
    return make_level(on_hand=9, price="10.00", tax_rate="0")


def _column(page: Page, name: str) -> Locator:
    return page.locator(f"[data-column][data-name='{name}']")


def _said(page: Page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()


def test_a_lead_becomes_an_order(page: Page, level: StockLevel, live_server: LiveServer) -> None:
    lead = Lead.objects.create(name="Ann Bell", email="ann@bell.example", company_name="Bell")
    known = CustomerFactory.create(name="A. Bell", email="Ann@Bell.example")
    come_back(page, live_server)
    hands = Hands(page)

    page.goto(page_url(lead))
    hands.click("Make a customer", role="link")
    hands.check("A. Bell", exact=False)
    hands.fill("Open a deal", "Ten desks", exact=False)
    hands.click("Make a customer")
    expect(page.get_by_text("is a customer now, with the deal")).to_be_visible()

    hands.click("Add another Line", role="link")
    hands.pick("lines-0-variant", level.variant.sku)
    expect(page.locator("input[name=lines-0-unit_price]")).to_have_value("10.00")
    hands.steps += 1
    page.locator("input[name=lines-0-quantity]").fill("4")
    hands.click("Save and continue editing")
    expect(page.get_by_text("40.00 USD").first).to_be_visible()

    page.goto(board_url())
    hands.steps += 1
    _column(page, "New").locator("[data-deal]").drag_to(_column(page, "Proposal"))
    _said(page, "“Ten desks” stands at Proposal now.")
    expect(_column(page, "Proposal").get_by_text("40.00 USD").first).to_be_visible()
    hands.press("Shift+ArrowRight")  # the card that moved has the focus
    _said(page, "“Ten desks” stands at Negotiation now.")

    hands.click("Ten desks", role="link")
    hands.click("Place order", role="link")
    expect(page.get_by_role("cell", name="9", exact=True)).to_be_visible()
    hands.steps += 1
    page.get_by_role("button", name="Place order").dblclick()
    expect(page.get_by_text(re.compile(r"Order \d+ is placed, its stock is reserved"))).to_be_visible()

    deal = Deal.objects.get()
    assert (deal.customer, deal.order, deal.status) == (known, Order.objects.get(), "won")
    assert balances(level.pk) == (9, 4)
    hands.check_budget(steps=15, pages=8)
    page.goto(board_url())
    expect(_column(page, "Won").get_by_role("link", name="Ten desks")).to_be_visible()


def test_losing_asks_why_and_who_is_too_late_is_told(page: Page, level: StockLevel, live_server: LiveServer) -> None:
    chairs, lamps = opened(make_buyer(), "Chairs"), opened(make_buyer(), "Lamps")
    come_back(page, live_server)
    page.goto(board_url())
    move_deal(deal_id=lamps.pk, stage_id=stage("Qualified").pk, actor=SYSTEM)

    page.get_by_role("link", name="Lamps").drag_to(_column(page, "Proposal"))
    _said(page, "was changed by somebody else meanwhile")
    expect(_column(page, "Qualified").get_by_role("link", name="Lamps")).to_be_focused()

    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("link", name="Chairs")).to_be_focused()
    page.keyboard.press("m")
    page.get_by_label("Move to").select_option(label="Lost")
    page.get_by_label("Why was it lost?").fill("too dear")
    page.keyboard.press("Enter")
    _said(page, "“Chairs” stands at Lost now.")

    chairs.refresh_from_db()
    assert (chairs.status, chairs.lost_reason) == ("lost", "too dear")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_board_fits_a_phone_and_breaks_no_rule(
    page: Page, level: StockLevel, live_server: LiveServer, theme: Any
) -> None:
    deal = opened(make_buyer(), "Wilhelmina-Featherstonehaugh-Cholmondeley-Gardens-Refit")
    move_deal(deal_id=deal.pk, stage_id=stage("Qualified").pk, actor=SYSTEM)
    page.emulate_media(color_scheme=theme)
    come_back(page, live_server)

    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for url in (board_url(), page_url(deal), page_url(deal, "place_order")):
            page.goto(url)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, url
            assert faults_on(page) == []
