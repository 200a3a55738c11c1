"""No page of the admin is wider than its window, from a phone to a desk."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Response
from pytest_django.live_server_helper import LiveServer

from catalog.models.product import Product
from orders.models.order import Order
from tests.browser.hands import come_back
from tests.shop.admin_rows import make_one_of_each
from tests.shop.http.admin_pages import add_url, list_url, page_url, registered, superuser
from users.models.customer import Customer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (390, 768, 1024, 1280, 1440)
WITHOUT_MODEL = (
    "/admin/",
    "/admin/orders/order/board/",
    "/admin/crm/deal/board/",
    "/admin/orders/shipment/worklist/",
    "/admin/my-settings/",
    "/admin/security/",
)


def pages_of_rows() -> list[str]:
    """Laid out by hand: an order, and all that is known of a customer and of a product."""
    order, customer, product = (model.objects.all()[0] for model in (Order, Customer, Product))
    return [page_url(order), page_url(customer, "page"), page_url(product, "page")]


def generated_pages() -> list[str]:
    """Pages that belong to no model; of each model its list, its form, and the page of a row."""
    urls = [*WITHOUT_MODEL]
    for model in registered():
        row: Any = model._default_manager.first()
        urls += [list_url(model), add_url(model), *([page_url(row)] if row is not None else [])]
    return list(dict.fromkeys([*urls, *pages_of_rows()]))


class Tab:
    """A window whose width is set without Playwright's own waiting, which takes longer than the page's layout."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.browser: CDPSession = page.context.new_cdp_session(page)

    def width_at(self, width: int) -> int:
        """How wide the page is in a window of this width."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.browser.send("Emulation.setDeviceMetricsOverride", size)
        inner, wide = self.page.evaluate("[window.innerWidth, document.documentElement.scrollWidth]")
        assert inner == width
        return int(wide)


def opened(tabs: list[Tab], urls: list[str]) -> Iterator[tuple[Tab, str, Response | None]]:
    """Each page once, in two tabs by turns: while one is looked at, the server makes the next."""
    coming = tabs[0].page.goto(urls[0], wait_until="commit")
    for place, (url, after) in enumerate(zip(urls, [*urls[1:], ""], strict=True)):
        tab, answer = tabs[place % 2], coming
        if after:
            coming = tabs[(place + 1) % 2].page.goto(after, wait_until="commit")
        tab.page.wait_for_load_state("load")
        yield tab, url, answer


def too_wide(browser: Browser, live_server: LiveServer, language: str, urls: list[str]) -> list[str]:
    """Each page is loaded once, and its window made as wide as each of WIDTHS."""
    context = browser.new_context(base_url=live_server.url, locale=language, viewport={"width": 1440, "height": 900})
    tabs = [Tab(context.new_page()) for _ in range(2)]
    come_back(tabs[0].page, live_server)
    faults = []
    for tab, url, answer in opened(tabs, urls):
        if answer is None or answer.status == 403:  # rows that nobody adds by hand have no form
            continue
        assert answer.ok, (url, answer.status)
        wide = {width: tab.width_at(width) for width in WIDTHS}
        faults += [f"{url} at {width} in {language}: {found}" for width, found in wide.items() if found > width]
    context.close()
    return faults


def test_no_page_is_wider_than_its_window(browser: Browser, live_server: LiveServer) -> None:
    """All in Ukrainian, whose words are the longer ones, and in English what is laid out by hand: loading all of them
    twice would take a minute more."""
    superuser()
    make_one_of_each("a1")
    pages = generated_pages()

    faults = too_wide(browser, live_server, "uk-UA", pages)
    faults += too_wide(browser, live_server, "en-US", [*WITHOUT_MODEL, *pages_of_rows()])

    assert not faults, "\n".join(faults)
