"""Merge two customers side by side, find the old address leading on, and undo it."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from crm.services.merging.find_duplicates import find_duplicates
from orders.models.order import Order
from tests.browser.hands import Hands, sign_in
from tests.shop.customer_pasts import give_past, make_customer
from tests.shop.http.admin_pages import page_url, superuser
from users.models.customer import Customer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_duplicates_are_merged_and_parted_again(page: Page, live_server: LiveServer) -> None:
    superuser()
    ann = make_customer(name="Ann Bell", email="ann@bell.example")
    twin = make_customer(name="Anna Bell", email="ANN@bell.example", phone="+4930123456", user=None)
    give_past(twin, ["order", "task"], tags=["red"])
    find_duplicates()
    sign_in(page)
    hands = Hands(page)

    page.goto("/admin/crm/duplicatepair/")
    hands.click("Ann Bell <ann@bell.example>", role="link")
    expect(page.get_by_role("heading", name="Merge two customers", exact=True)).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1440, "height": 900})
    hands.check("Anna Bell")
    hands.click("Merge")
    expect(page.get_by_text("Anna Bell is merged")).to_be_visible()
    expect(page.get_by_role("heading", name="Anna Bell", exact=True)).to_be_visible()
    assert Order.objects.get().customer_id == ann.customer.pk
    hands.check_budget(steps=3, pages=3)

    page.goto(page_url(twin.customer, "page"))
    expect(page.get_by_text("This customer was merged into Anna Bell")).to_be_visible()

    hands = Hands(page)
    page.goto("/admin/crm/customermerge/")
    hands.click("Anna Bell", role="link")
    hands.click("Undo the merge", role="link")
    hands.click("Undo the merge")
    expect(page.get_by_text("they are two customers again")).to_be_visible()
    hands.check_budget(steps=3, pages=4)
    assert Order.objects.get().customer_id == twin.customer.pk
    assert Customer.objects.get(pk=ann.customer.pk).name == "Ann Bell"
