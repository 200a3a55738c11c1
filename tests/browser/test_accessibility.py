"""No page breaks a rule that axe knows of (WCAG 2 A and AA, and its best practices), in light or dark."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from crm.models.segment import Segment
from crm.services.segments.create_segment import create_segment
from exchange.models.data_import import Import, ImportKind, ImportMode
from exchange.services.check_again import check_again
from exchange.services.check_import import check_import
from exchange.services.upload_import import upload_import
from shared.actor import Actor
from tests.browser.hands import come_back
from tests.shop.admin_rows import make_deal
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, superuser
from tests.shop.http.deal_pages import board_url
from tests.shop.http.sold_pages import sold_pages
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.user import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def urls(live_server: LiveServer) -> list[str]:
    """Dashboard, lists, forms, record pages, board, segments, imports and what follows an order, each with rows."""
    boss = superuser()
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
        page_url(level.variant.product, "page"),
        page_url(deal),
        board_url(),
        f"{board_url()}?whose=mine",
        "/admin/crm/segment/",
        "/admin/crm/segment/add/",
        page_url(make_segment(boss)),
        "/admin/exchange/import/",
        "/admin/exchange/import/add/",
        page_url(upload(boss)),
        page_url(checked(upload(boss))),
        "/admin/exchange/export/of/customers/",
        "/admin/crm/emailtemplate/add/",
        "/admin/procrastinate/procrastinatejob/",
        "/admin/my-settings/",
        *sold_pages(buyer),
    ]


def make_segment(boss: User) -> Segment:
    conditions = [
        {"field": "lifetime_value", "op": "at_least", "value": "100", "currency": "USD"},
        {"field": "language", "op": "is", "value": "uk"},
    ]
    return create_segment(name="Buyers", description="", rule={"any": conditions}, actor=actor_for(boss))


def upload(boss: User) -> Import:
    content = b"Name,E-mail,Phone\nAda Lovelace,ada@example.com,\nNobody,not-an-address,\n"
    return upload_import(kind=ImportKind.CUSTOMERS, name="people.csv", pieces=[content], actor=actor_for(boss))


def checked(data_import: Import) -> Import:
    """With an error in it."""
    check_again(
        import_id=data_import.pk,
        mapping=data_import.mapping,
        key="email",
        mode=ImportMode.BOTH,
        clears_empty=False,
        may_add_companies=False,
    )
    check_import(import_id=data_import.pk)
    return data_import


def actor_for(user: User) -> Actor:
    return Actor(user_id=user.pk, principal_id=user.pk, label=user.email)


def faults_on(page: Page) -> list[str]:
    """Each broken rule with the first element that breaks it."""
    found = Axe().run(page).response["violations"]
    first = [(fault, fault["nodes"][0]) for fault in found]
    return [
        f"{page.url}: {fault['id']} x{len(fault['nodes'])}: {node['target']} {node['html'][:200]}"
        for fault, node in first
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_accessibility(
    page: Page, urls: list[str], live_server: LiveServer, theme: Any
) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto("/admin/login/")
    faults = faults_on(page)
    come_back(page, live_server)

    for url in urls:
        page.goto(url)
        expect(page.get_by_role("main")).to_be_visible()
        faults += faults_on(page)

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dialog_of_the_board_breaks_no_rule(
    page: Page, urls: list[str], live_server: LiveServer, theme: Any
) -> None:
    page.emulate_media(color_scheme=theme)
    come_back(page, live_server)
    page.goto(board_url())

    page.get_by_role("button", name="Move “Forty chairs”").click()
    page.get_by_label("Move to").select_option(label="Lost")

    expect(page.get_by_label("Why was it lost?")).to_be_visible()
    assert faults_on(page) == []


def test_the_keyboard_skips_to_the_content(page: Page, urls: list[str], live_server: LiveServer) -> None:
    come_back(page, live_server)
    page.goto("/admin/orders/order/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("#content$"))
