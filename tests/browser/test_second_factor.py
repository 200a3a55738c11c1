"""Setting a second factor up, and signing in with it, as a colleague does."""

import base64
import time

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.hands import sign_in
from tests.shop.http.admin_pages import superuser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def shown_by_the_phone(secret: str, *, steps: int) -> str:
    """What an authenticator that was told the secret shows, `steps` of thirty seconds from now."""
    totp = TOTP(base64.b32decode(secret.replace(" ", "")), drift=steps)
    totp.time = time.time()
    return f"{totp.token():06}"


def test_sign_in_with_second_factor(page: Page, live_server: LiveServer) -> None:
    superuser()
    sign_in(page)

    page.goto("/admin/security/")
    page.get_by_role("link", name="Set up a second factor").click()
    expect(page.locator(".k-qr svg")).to_be_visible()
    secret = page.locator("[data-secret]").inner_text()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_text("not the code")).to_be_visible()
    page.get_by_label("Code").fill(shown_by_the_phone(secret, steps=0))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator("[data-backup-codes] li")).to_have_count(10)
    codes = page.locator("[data-backup-codes] li").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("This one")).to_be_visible()

    page.context.clear_cookies()
    _enter_password(page)
    page.get_by_label("Code").fill(shown_by_the_phone(secret, steps=1))  # the one before is used up
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/admin/")

    page.context.clear_cookies()
    page.set_viewport_size({"width": 390, "height": 844})
    _enter_password(page)
    expect(page.get_by_label("Code")).to_be_focused()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(f"{live_server.url}/admin/")
    for path in ("/admin/security/", "/admin/security/backup-codes/", "/admin/shared/recordchange/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def _enter_password(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("E-mail").fill("boss@example.com")
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Signing in as boss@example.com")).to_be_visible()
