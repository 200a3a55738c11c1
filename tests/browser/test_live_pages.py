"""Pages of the admin that keep themselves up to date."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from events.services.sequence_events import sequence_events
from tests.browser.hands import come_back
from tests.events.live.listening import Live, live_process, wait_for_streams
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import superuser
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

# Milliseconds. A page waits up to a minute before it is read again: twenty times as long as the reading before took.
LONGEST_PAUSE = 120_000

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def live(live_server: LiveServer, tmp_path: Path, settings: Any) -> Iterator[Live]:
    with live_process(tmp_path / "log", web_port=urlsplit(live_server.url).port or 0) as live:
        settings.LIVE_URL = f"http://{urlsplit(live_server.url).hostname}:{live.port}"
        yield live


def place() -> str:
    order = order_of(make_buyer(), (make_level(on_hand=9), 1))
    sequence_events()
    return order.number


def test_a_list_shows_what_happened_but_not_while_rows_are_selected(
    page: Page, live_server: LiveServer, live: Live
) -> None:
    superuser()
    first = place()
    come_back(page, live_server)
    page.goto(reverse("admin:orders_order_changelist"))
    expect(page.get_by_role("link", name=first, exact=True)).to_be_visible()
    page.evaluate("window.same = true")
    wait_for_streams(live, 1)

    second = place()

    expect(page.get_by_role("link", name=second, exact=True)).to_be_visible()
    page.locator("input.action-select").first.check()
    third = place()
    page.wait_for_timeout(5_000)
    assert page.get_by_role("link", name=third, exact=True).count() == 0
    page.locator("#action-toggle").check()
    assert page.locator("input.action-select:checked").count() == 2
    page.locator("#action-toggle").uncheck()
    expect(page.get_by_role("link", name=third, exact=True)).to_be_visible(timeout=LONGEST_PAUSE)
    assert page.evaluate("window.same") is True


def test_the_dashboard_counts_on_after_the_live_process_was_away(
    page: Page, live_server: LiveServer, live: Live, tmp_path: Path
) -> None:
    superuser()
    come_back(page, live_server)
    page.goto("/admin/")
    wait_for_streams(live, 1)
    live.kill()
    number = place()

    with live_process(tmp_path / "again", port=live.port, web_port=urlsplit(live_server.url).port or 0):
        expect(page.get_by_role("link", name=number)).to_be_visible(timeout=LONGEST_PAUSE)
