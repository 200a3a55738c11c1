"""No page breaks a rule that axe knows of (WCAG 2 A and AA, and its best practices), in light or dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.signing_in import sign_in
from tests.journeys.admin_pages import page_url, superuser
from tests.journeys.admin_rows import make_deal
from tests.shop import make_buyer, make_level, order_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def urls(live_server: LiveServer) -> list[str]:
    """Dashboard, lists, forms, record pages and the board, of a shop with something in each."""
    superuser()
    buyer, level = make_buyer(), make_level(on_hand=9)
    order, deal = order_of(buyer, (level, 3)), make_deal(buyer)
    return [
        "/admin/",
        "/admin/orders/order/",
        "/admin/orders/order/add/",
        "/admin/users/customer/",
        "/admin/users/customer/?q=nobody",
        "/admin/crm/deal/",
        "/admin/crm/task/add/",
        page_url(order),
        page_url(order, "cancel"),
        page_url(level, "adjust_stock"),
        page_url(buyer.customer),
        page_url(buyer.customer, "page"),
        page_url(deal),
    ]


def faults_on(page: Page) -> list[str]:
    """Each broken rule with the first element that breaks it."""
    found = Axe().run(page).response["violations"]
    first = [(fault, fault["nodes"][0]) for fault in found]
    return [
        f"{page.url}: {fault['id']} x{len(fault['nodes'])}: {node['target']} {node['html'][:200]}"
        for fault, node in first
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_accessibility(page: Page, urls: list[str], theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto("/admin/login/")
    faults = faults_on(page)
    sign_in(page)

    for url in urls:
        page.goto(url)
        expect(page.get_by_role("main")).to_be_visible()
        faults += faults_on(page)

    assert not faults, "\n".join(faults)


def test_the_keyboard_skips_to_the_content(page: Page, urls: list[str]) -> None:
    sign_in(page)
    page.goto("/admin/orders/order/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")

    assert page.evaluate("location.hash") == "#content"
