"""Headless Chromium on a live server. What the page complains about, or fetches from elsewhere, fails the test."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from ops.screenshots import FLAGS

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60_000  # milliseconds; a busy machine is not a fault of the page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path is not None, f"Needs one of {', '.join(NAMES)}."
    # Playwright's event loop lives in the thread of the test, which also uses the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A window of a desktop."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.extend(_elsewhere(request, live_server.url)))
    yield page
    context.close()
    assert complaints == []


def _elsewhere(request: Request, ours: str) -> list[str]:
    is_ours = request.url.startswith((ours, "data:", "blob:")) or "/live/events?ticket=" in request.url
    return [] if is_ours else [f"fetched from elsewhere: {request.url}"]
