"""The first step of every day in the admin."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from users.models.user import User


def come_back(page: Page, live_server: LiveServer, email: str = "boss@example.com") -> None:
    """As who signed in a while ago: the sign-in page is neither loaded nor sent, as it is in sign_in()."""
    client = Client()
    client.force_login(User.objects.get(email=email))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    host = urlsplit(live_server.url).hostname
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": host, "path": "/"}])
    page.goto("/admin/")
    expect(page.get_by_role("heading", level=1).first).to_be_visible()


def sign_in(page: Page, email: str = "boss@example.com", password: str = "a-long-password") -> None:
    page.goto("/admin/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile("/admin/$"))
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
