"""The day in a shop, each journey within so many steps of a hand and pages to look at."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from inventory.models.document import StockDocument
from inventory.models.level import StockLevel
from orders.models.invoice import Invoice
from orders.models.shipment import Shipment
from orders.services.payments.confirm_payment import confirm_payment
from shared.actor import SYSTEM
from tests.browser.hands import Hands, come_back
from tests.shop.goods import balances, make_level
from tests.shop.http.admin_pages import list_url, page_url, superuser
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.user import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def level(live_server: LiveServer) -> StockLevel:
    superuser()
    return make_level(on_hand=9, price="10.00", tax_rate="0")


@pytest.fixture
def office(page: Page, level: StockLevel, live_server: LiveServer) -> Page:
    come_back(page, live_server)
    return page


def test_goods_are_received(office: Page, level: StockLevel) -> None:
    office.goto(list_url(StockDocument))
    hands = Hands(office)

    hands.steps += 1
    office.locator("a[href*='/stockdocument/add/']").first.click()
    expect(office).to_have_url(re.compile("/add/"))
    hands.pick(str(office.locator("select[name$='-0-variant']").first.get_attribute("name")), level.variant.sku)
    hands.steps += 1
    office.locator("input[name$='-0-quantity']").first.fill("5")
    hands.click("Save")
    hands.click("Receive the goods", role="link")
    hands.click("Apply")
    expect(office.get_by_text("is applied.")).to_be_visible()

    assert balances(level.pk) == (14, 0)
    hands.check_budget(steps=9, pages=5)


def test_what_lies_there_is_counted_by_a_scanner(office: Page, level: StockLevel) -> None:
    office.goto(list_url(StockDocument))
    hands = Hands(office)

    hands.click("Begin a stocktake", role="link")
    hands.pick("location", level.location.name)
    hands.click("Begin a stocktake")
    expect(office.get_by_text("The stocktake has begun")).to_be_visible()
    hands.choose_more("Scan or paste lines")
    expect(office.locator("textarea[name=text]")).to_be_focused()
    for _scan in range(3):
        hands.type(f"{level.variant.sku}\n")
    hands.click("Take these lines")
    hands.click("Apply the count", role="link")
    hands.click("Apply")
    expect(office.get_by_text("is applied.")).to_be_visible()

    assert balances(level.pk) == (3, 0)
    hands.check_budget(steps=11 + 3, pages=7)  # three scans


def test_a_part_is_packed_with_its_slip_and_invoice(office: Page, level: StockLevel) -> None:
    order = order_of(make_buyer(), (level, 3))
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    office.goto(page_url(order))
    hands = Hands(office)

    hands.choose_more("Invoice")
    hands.click("Issue it")
    hands.page.goto(page_url(order))
    hands.click("Pack a shipment", role="link")
    hands.steps += 1
    office.locator("input[name=item_1]").fill("2")
    hands.click("Pack")
    expect(office.get_by_text("is packed. Send it when it leaves.")).to_be_visible()
    slip = office.locator("a[href*=packing_slip]").first.get_attribute("href")

    shipment = Shipment.objects.get()
    assert shipment.items.get().quantity == 2
    assert Invoice.objects.get().order_id == order.pk
    assert slip is not None
    hands.check_budget(steps=7, pages=6)


def test_a_colleague_is_invited(office: Page) -> None:
    office.goto(list_url(User))
    hands = Hands(office)

    hands.click("Invite a colleague", role="link")
    hands.fill("E-mail", "ann@example.com", exact=False)
    hands.click("Send the invitation")
    expect(office.get_by_role("heading", level=1).first).to_be_visible()

    assert User.objects.get(email="ann@example.com").is_staff
    hands.check_budget(steps=4, pages=2)
