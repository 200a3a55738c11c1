"""The columns of a list are chosen by keyboard, and are the same on another device."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.hands import come_back
from tests.shop.http.admin_pages import superuser
from tests.shop.people import CustomerFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/admin/users/customer/?p=1"


def headings(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("#result_list thead .text span").all_inner_texts() if text.strip()]


def row_height(page: Page) -> float:
    box = page.locator("#result_list tbody tr").first.bounding_box()
    assert box is not None
    return box["height"]


def test_columns_are_chosen_by_keyboard_and_kept_on_another_device(
    browser: Browser, page: Page, live_server: LiveServer
) -> None:
    superuser()
    CustomerFactory.create(tax_number="DE136695976")
    come_back(page, live_server)
    page.goto(LIST)
    comfortable = row_height(page)

    page.locator(".k-columns > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Phone").focus()
    page.keyboard.press("Space")
    page.get_by_label("Tax number").focus()
    page.keyboard.press("Space")
    page.get_by_label("Comfortable").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    expect(page.get_by_role("cell", name="DE136695976")).to_be_visible()
    assert row_height(page) < comfortable
    other = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    phone = other.new_page()
    come_back(phone, live_server)
    phone.goto(LIST)
    expect(phone.get_by_role("cell", name="DE136695976")).to_be_visible()
    assert "Phone" not in headings(phone)
    phone.locator(".k-columns > summary").click()
    phone.get_by_role("button", name="Reset", exact=True).click()
    expect(phone.get_by_role("cell", name="DE136695976")).to_have_count(0)
    assert "Phone" in headings(phone)
    other.close()
