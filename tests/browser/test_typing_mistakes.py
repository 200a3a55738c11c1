"""What is only spelled nearly so is shown, and never taken by Enter or by a scanner."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from orders.models.order import Order
from tests.browser.hands import come_back
from tests.browser.test_order_desk import FIND, WHO
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import add_url, superuser
from tests.shop.people import CustomerFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID = "exactly. Shown: what is spelled nearly so."


@pytest.fixture
def desk(page: Page, live_server: LiveServer) -> Page:
    superuser()
    CustomerFactory.create(name="Anna Kowalski")
    product = make_level(on_hand=3).variant.product
    product.name = "Linen apron"
    product.save()
    come_back(page, live_server)
    page.goto(add_url(Order))
    return page


def test_at_the_order_desk_enter_takes_nobody_and_the_arrow_comes_to_a_new_customer_first(desk: Page) -> None:
    field, finds = desk.get_by_label(WHO), desk.get_by_role("listbox", name="Customers")

    for is_shown in (False, True):  # typed as fast as a scanner, then into the open list
        field.fill("Kowlski")
        if is_shown:
            expect(finds).to_contain_text(SAID)
        field.press("Enter")
        lines: list[str | re.Pattern[str]] = [
            f"Nothing matches “Kowlski” {SAID}",
            "New customer: Kowlski",
            re.compile("^Anna Kowalski"),
        ]
        expect(finds.get_by_role("option")).to_have_text(lines)
        expect(finds.locator("[aria-selected=true]")).to_have_count(0)
    assert desk.locator("[name=customer]").input_value() == ""

    field.press("ArrowDown")
    field.press("Enter")
    expect(desk.get_by_label("Name", exact=True)).to_have_value("Kowlski")


def test_no_line_is_added_of_what_is_only_near(desk: Page) -> None:
    field, finds = desk.get_by_label(FIND), desk.get_by_role("listbox", name="Variants")

    field.fill("aporn")
    field.press("Enter")
    expect(finds).to_contain_text(SAID)
    expect(desk.locator("[data-desk-lines] [data-line]")).to_have_count(0)

    finds.get_by_role("option").last.click()
    expect(desk.locator("[data-desk-lines] [data-line]")).to_have_count(1)


def test_ctrl_k_opens_nobody_by_enter_alone(desk: Page) -> None:
    desk.keyboard.press("Control+k")
    field = desk.get_by_label("Search everything")
    field.fill("kowlski")
    expect(desk.locator("#command-results")).to_contain_text("Anna Kowalski")
    before = desk.url

    field.press("Enter")
    expect(desk.locator("#command-results li.active")).to_have_count(0)
    assert desk.url == before
    field.press("ArrowDown")
    expect(desk.locator("#command-results li.active")).to_have_count(1)
