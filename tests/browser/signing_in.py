"""The first step of every day in the admin."""

import re

from playwright.sync_api import Page, expect


def sign_in(page: Page, email: str = "boss@example.com", password: str = "a-long-password") -> None:
    page.goto("/admin/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile("/admin/$"))
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
