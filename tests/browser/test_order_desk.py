"""Staff sell by phone: how many steps it takes, with a scanner, without a mouse, on a phone."""

import pytest
from playwright.sync_api import Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from catalog.models.variant import Variant
from orders.models.draft import Draft
from orders.models.order import Order
from orders.models.shipment import Shipment
from orders.services.payments.confirm_payment import confirm_payment
from shared.actor import SYSTEM
from tests.browser.hands import Hands, come_back
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import add_url, page_url, superuser
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What a phone order for somebody new may take.
MOST_STEPS = 9


@pytest.fixture
def apron(live_server: LiveServer) -> Variant:
    variant = make_level(on_hand=3, price="29.90", tax_rate="0").variant
    variant.product.name = "Linen apron"
    variant.product.save()
    Variant.objects.filter(pk=variant.pk).update(sku="APR-M", name="M", barcode="4006381333931")
    return variant


@pytest.fixture
def desk(page: Page, live_server: LiveServer, apron: Variant) -> Page:
    superuser()
    come_back(page, live_server)
    return page


FIND = "Add by words, SKU or barcode"
WHO = "Name, phone number or e-mail address"


def test_an_order_by_phone_with_a_new_customer(desk: Page) -> None:
    hands = Hands(desk)

    hands.click("New order", role="link")
    hands.fill(WHO, "Oksana Bondar")
    hands.press("Enter")
    expect(desk.get_by_label("Name", exact=True)).to_have_value("Oksana Bondar")
    hands.fill("Phone", "+380441234567")
    hands.fill("E-mail", "oksana@example.com")
    hands.fill(FIND, "apron")
    hands.press("Enter")
    expect(desk.locator("[data-totals]")).to_contain_text("29.90 USD")
    hands.click("Place order")
    expect(desk.get_by_text("is placed.")).to_be_visible()

    order = Order.objects.get()
    assert (order.customer_name, order.total) == ("Oksana Bondar", order.subtotal)
    assert hands.steps <= MOST_STEPS, hands.steps


def test_a_scanner_adds_and_raises_and_what_is_short_is_said_at_its_line(desk: Page) -> None:
    buyer = make_buyer().customer
    desk.goto(f"{add_url(Order)}?customer={buyer.pk}")
    field = desk.get_by_label(FIND)

    field.focus()
    for _scan in range(4):  # faster than any list follows
        desk.keyboard.type("4006381333931")
        desk.keyboard.press("Enter")

    expect(desk.locator("[data-line] [name$=-quantity]").first).to_have_value("4")
    expect(desk.locator("[data-line]")).to_have_count(1)
    expect(desk.get_by_text("4 wanted, 3 available")).to_be_visible()
    desk.keyboard.type("no such thing")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Nothing is found.")).to_be_visible()
    desk.get_by_label("Quantity").fill("2")
    expect(desk.locator("[data-totals]")).to_contain_text("59.80 USD")
    expect(desk.get_by_text("4 wanted, 3 available")).to_be_hidden()


def test_a_code_that_is_not_known_adds_nothing_by_itself(desk: Page, apron: Variant) -> None:
    Variant.objects.filter(pk=apron.pk).update(sku="AB-10")
    desk.goto(add_url(Order))

    desk.get_by_label(FIND).focus()
    desk.keyboard.type("AB-1")
    desk.keyboard.press("Enter")

    expect(desk.get_by_text("choose from the list: AB-1")).to_be_visible()
    expect(desk.locator("#desk-variants [role=option]")).to_have_count(1)
    expect(desk.locator("[data-line]")).to_have_count(0)
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-line]")).to_have_count(1)


@pytest.mark.parametrize("width", [390, 1440])
def test_it_works_without_a_mouse_and_fits_a_phone(desk: Page, width: int) -> None:
    buyer = make_buyer().customer
    desk.set_viewport_size({"width": width, "height": 844})
    desk.goto(add_url(Order))

    expect(desk.get_by_label(WHO)).to_be_focused()
    desk.keyboard.type(buyer.email)
    expect(desk.get_by_role("option").first).to_contain_text(buyer.name)
    desk.keyboard.press("Enter")
    expect(desk.get_by_label(FIND)).to_be_focused()
    desk.keyboard.type("lin")
    expect(desk.get_by_role("option", name="Linen apron, M · APR-M · 29.90 USD · 3 available")).to_be_visible()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-line]")).to_have_count(1)
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    desk.get_by_label("Delivery address", exact=True).select_option("typed")
    expect(desk.get_by_label("Delivery: city")).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    desk.get_by_label("Delivery address", exact=True).select_option("")
    desk.get_by_role("button", name="Save as draft").press("Enter")
    expect(desk.get_by_text("is saved.")).to_be_visible()
    assert Draft.objects.get().customer == buyer


def test_leaving_what_was_typed_asks_first(desk: Page) -> None:
    desk.goto(add_url(Order))
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    desk.get_by_label("Note").fill("ring twice")
    desk.once("dialog", stay)
    desk.evaluate("location.href = '/admin/'")
    expect(desk.get_by_label("Note")).to_have_value("ring twice")

    assert asked == ["beforeunload"]


def test_what_goes_into_a_parcel_is_scanned(desk: Page, apron: Variant) -> None:
    other = make_level(on_hand=5)
    order = order_of(make_buyer(), (apron.stock_levels.get(), 3), (other, 2))
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    desk.goto(page_url(order, "pack"))
    boxes = desk.locator("[data-variant]")
    expect(boxes.first).to_have_value("3")

    desk.get_by_label("Scan what goes in").focus()
    for code in ("4006381333931", "apr-m", "4006381333948"):
        desk.keyboard.type(code)
        desk.keyboard.press("Enter")

    expect(desk.get_by_text("Not among what is left to pack: 4006381333948")).to_be_visible()
    expect(boxes.first).to_have_value("2")
    expect(boxes.last).to_have_value("0")
    desk.get_by_role("button", name="Pack", exact=True).click()
    expect(desk.get_by_text("is packed. Send it when it leaves.")).to_be_visible()
    assert Shipment.objects.get().items.get().quantity == 2
