"""A session that ends while a form is filled in costs nobody what was typed."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from orders.models.order import Order
from tests.browser.hands import come_back
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import superuser
from tests.shop.people import make_buyer
from users.models.customer import Customer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _sign_in_again(page: Page, email: str = "boss@example.com") -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Log in").click()


def test_the_form_is_back_after_signing_in_again(page: Page, live_server: LiveServer) -> None:
    superuser()
    come_back(page, live_server)
    page.goto("/admin/users/customer/add/")
    page.locator("#id_name").fill("Ada Lovelace")
    page.locator("#id_email").fill("ada@example.com")
    Session.objects.all().delete()

    page.get_by_role("button", name="Save", exact=True).click()
    _sign_in_again(page)

    expect(page.get_by_text("What you had typed is back")).to_be_visible()
    expect(page.locator("#id_name")).to_have_value("Ada Lovelace")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert Customer.objects.get().email == "ada@example.com"
    page.goto("/admin/users/customer/add/")
    expect(page.locator("#id_name")).to_have_value("")


def test_what_one_colleague_typed_is_not_shown_to_the_next(page: Page, live_server: LiveServer) -> None:
    superuser()
    superuser(email="next@example.com")
    come_back(page, live_server)
    page.goto("/admin/users/customer/add/")
    page.locator("#id_name").fill("Ada Lovelace")
    Session.objects.all().delete()

    page.locator("#id_email").press("Enter")
    _sign_in_again(page, "next@example.com")

    expect(page.locator("#id_name")).to_have_value("")
    expect(page.get_by_text("What you had typed is back")).to_be_hidden()
    assert page.evaluate("sessionStorage.getItem('kontor-sent-form')") is None


def test_the_order_desk_and_a_comment_are_back(page: Page, live_server: LiveServer) -> None:
    superuser()
    come_back(page, live_server)
    level, buyer = make_level(on_hand=9), make_buyer().customer
    page.goto("/admin/orders/order/add/")
    page.get_by_label("Name, phone number or e-mail address").fill(buyer.email)
    page.locator("#desk-customers [role=option]").first.click()
    page.get_by_label("Add by words, SKU or barcode").fill(level.variant.sku)
    page.get_by_label("Add by words, SKU or barcode").press("Enter")
    page.locator("[data-line] [name$=-quantity]").fill("3")
    Session.objects.all().delete()
    page.get_by_role("button", name="Place order").click()
    _sign_in_again(page)

    expect(page.get_by_text("What you had typed is back")).to_be_visible()
    expect(page.locator("[data-chosen-name]")).to_have_text(buyer.name)
    expect(page.locator("[data-line]")).to_contain_text(level.variant.sku)
    expect(page.locator("[data-line] [name$=-quantity]")).to_have_value("3")
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_text("is placed.")).to_be_visible()
    order = Order.objects.get()
    assert (order.customer, order.items.get().quantity) == (buyer, 3)

    page.locator("#comment-text").fill("Rings back on Monday")
    Session.objects.all().delete()
    page.locator(".k-comment").get_by_role("button", name="Comment", exact=True).click()
    _sign_in_again(page)
    expect(page.locator("#comment-text")).to_have_value("Rings back on Monday")
    assert page.url.endswith("#timeline")
