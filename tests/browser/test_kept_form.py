"""A session that ends while a form is filled in costs nobody what was typed."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.signing_in import come_back
from tests.shop.http.admin_pages import superuser
from users.models.customer import Customer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_form_is_back_after_signing_in_again(page: Page, live_server: LiveServer) -> None:
    superuser()
    come_back(page, live_server)
    page.goto("/admin/users/customer/add/")
    page.locator("#id_name").fill("Ada Lovelace")
    page.locator("#id_email").fill("ada@example.com")
    Session.objects.all().delete()

    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("E-mail").fill("boss@example.com")
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_text("What you had typed is back")).to_be_visible()
    expect(page.locator("#id_name")).to_have_value("Ada Lovelace")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert Customer.objects.get().email == "ada@example.com"
    page.goto("/admin/users/customer/add/")
    expect(page.locator("#id_name")).to_have_value("")
