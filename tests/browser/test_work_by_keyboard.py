"""Lists by keyboard, the search of everything, and many rows changed with a progress bar."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from crm.models.lead import Lead
from crm.models.saved_view import SavedView
from tests.browser.hands import come_back
from tests.shop.http.admin_pages import list_url, page_url, superuser
from tests.shop.people import CustomerFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(page: Page, live_server: LiveServer) -> Page:
    superuser()
    come_back(page, live_server)
    return page


def test_the_search_opens_everywhere_and_enter_opens_the_first_hit(desk: Page) -> None:
    customer = CustomerFactory.create(name="Morgan Blake")
    desk.goto(list_url(Lead))

    desk.keyboard.press("Control+k")
    expect(desk.locator("#search-input-command")).to_be_focused()
    desk.keyboard.type("morg")
    expect(desk.locator(".k-hits li.active")).to_contain_text("Morgan Blake")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/{customer.pk}/**")
    expect(desk.get_by_role("heading", name="Morgan Blake").first).to_be_visible()

    desk.keyboard.press("Control+k")
    expect(desk.locator("#search-input-command")).to_be_focused()
    desk.keyboard.type("nobody like this")
    expect(desk.get_by_text("Nothing begins with")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("Escape")
    expect(desk.locator("#search-input-command")).to_be_hidden()


def test_a_list_is_walked_opened_and_added_to_by_keys(desk: Page) -> None:
    Lead.objects.create(name="Older")
    newer = Lead.objects.create(name="Newer jk?n")
    desk.goto(list_url(Lead))

    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Keyboard")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("/")
    desk.keyboard.type("newer jk?n")
    expect(desk.locator("#searchbar")).to_have_value("newer jk?n")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**?q=newer**")
    expect(desk.locator("#result_list tr.data-row")).to_have_count(1)
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**{page_url(newer)}**")

    desk.goto(list_url(Lead))
    desk.keyboard.press("n")
    desk.wait_for_url("**/add/**")


def test_a_filter_is_saved_as_a_view(desk: Page) -> None:
    Lead.objects.create(name="Fresh")
    desk.goto(f"{list_url(Lead)}?status__exact=new")

    desk.get_by_text("Save this view").click()
    desk.get_by_label("Name", exact=True).fill("Fresh ones")
    desk.locator(".k-pop").get_by_role("button", name="Save").click()

    expect(desk.locator(".k-view.k-here")).to_contain_text("Fresh ones")
    assert SavedView.objects.get().query == "status__exact=new"

    desk.get_by_role("button", name="Make this my default").click()
    expect(desk.get_by_role("button", name="No longer my default")).to_be_visible()
    desk.goto(list_url(Lead))
    desk.wait_for_url("**/?status__exact=new")
    desk.locator(".k-views").get_by_role("link", name="All").click()
    expect(desk.locator(".k-view.k-here")).to_have_text("All")


def test_many_rows_are_changed_in_batches_that_show_how_far_they_are(desk: Page) -> None:
    Lead.objects.bulk_create(Lead(name=f"Lead {n}") for n in range(250))
    desk.goto(list_url(Lead))

    desk.locator("#action-toggle").check()
    desk.get_by_text("Select all 250 leads").click()
    desk.locator("select[name=action]").select_option(label="Set the status")
    desk.get_by_role("button", name="Run").click()
    expect(desk.get_by_text(re.compile("250 leads will be changed"))).to_be_visible()
    desk.locator("[name=status]").select_option("lost")
    desk.get_by_role("button", name="Set the status").click()

    expect(desk.locator("[data-bulk-told]")).to_contain_text("250 changed.")
    assert Lead.objects.filter(status="lost").count() == 250
