"""No page of the admin is wider than its window, from a phone to a desk."""

from typing import Any

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from orders.models.order import Order
from tests.browser.hands import come_back
from tests.shop.admin_rows import make_one_of_each
from tests.shop.http.admin_pages import add_url, list_url, page_url, registered, superuser

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


def generated_pages() -> list[str]:
    """Pages that belong to no model; of each model its list, its form, and the page of a row."""
    urls = [*WITHOUT_MODEL]
    for model in registered():
        row: Any = model._default_manager.first()
        urls += [list_url(model), add_url(model), *([page_url(row)] if row is not None else [])]
    return urls


def too_wide(browser: Browser, live_server: LiveServer, language: str, urls: list[str]) -> list[str]:
    """Each page is loaded once, and its window made as wide as each of WIDTHS."""
    context = browser.new_context(base_url=live_server.url, locale=language, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    come_back(page, live_server)
    faults = []
    for url in urls:
        answer = page.goto(url)
        if answer is None or answer.status == 403:  # rows that nobody adds by hand have no form
            continue
        assert answer.ok, (url, answer.status)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{url} at {width} in {language}: {wide}")
    context.close()
    return faults


def test_no_page_is_wider_than_its_window(browser: Browser, live_server: LiveServer) -> None:
    """All in Ukrainian, whose words are the longer ones, and in English what is laid out by hand: loading all of them
    twice would take a minute more."""
    superuser()
    make_one_of_each("a1")
    pages = generated_pages()

    faults = too_wide(browser, live_server, "uk-UA", pages)
    by_hand = [*WITHOUT_MODEL, *map(page_url, Order.objects.all()[:1])]
    faults += too_wide(browser, live_server, "en-US", by_hand)

    assert not faults, "\n".join(faults)
