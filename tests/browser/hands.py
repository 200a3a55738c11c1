"""A colleague's first step, and a count of what they do and of the pages they see on the way."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import Frame, Page, expect
from pytest_django.live_server_helper import LiveServer

from users.models.user import User


class Hands:
    """A step is a click, a key, a field that is filled. `pages` are those that were opened since it was made."""

    def __init__(self, page: Page) -> None:
        self.page, self.steps, self.pages = page, 0, 0
        page.on("framenavigated", self._count)

    def _count(self, frame: Frame) -> None:
        self.pages += frame.parent_frame is None

    def click(self, name: str, role: Any = "button") -> None:
        self.steps += 1
        # Of a link its icon's name is part of the name.
        self.page.get_by_role(role, name=name, exact=role == "button").first.click()

    def choose_more(self, name: str) -> None:
        """Under the page's More."""
        self.steps += 2
        self.page.locator(".k-more > summary").first.click()
        self.page.locator(".k-more-list a", has_text=name).first.click()

    def fill(self, label: str, text: str, *, exact: bool = True) -> None:
        """`exact` is False where a star stands behind the label."""
        self.steps += 1
        self.page.get_by_label(label, exact=exact).first.fill(text)

    def check(self, label: str, *, exact: bool = True) -> None:
        self.steps += 1
        self.page.get_by_label(label, exact=exact).first.check()

    def press(self, key: str) -> None:
        self.steps += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Into what has the focus; a scanner ends with Enter, which is part of the scan."""
        self.steps += 1
        self.page.keyboard.type(text)

    def pick(self, field: str, text: str) -> None:
        """Out of a picker: opened, searched, and the first that is found taken."""
        self.steps += 3
        self.page.locator(f"select[name={field}] + .select2").click()
        self.page.locator(".select2-search__field").fill(text)
        self.page.locator(".select2-results__option--highlighted", has_text=text).click()

    def check_budget(self, *, steps: int, pages: int) -> None:
        """No more than these; what it took is said where it was more."""
        assert (self.steps <= steps, self.pages <= pages) == (True, True), (self.steps, self.pages)


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
