"""A colleague imports a list in which not everything is right."""

from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.hands import Hands, sign_in
from tests.shop.http.admin_pages import superuser
from tests.shop.servers.processes import MANAGE, running, url_of
from users.models.customer import Customer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILE = "Name,E-mail,Phone\nAda Lovelace,ada@example.com,+49 30 123456\nNobody,not-an-address,\n"


def test_errors_are_shown_the_rest_is_imported_and_undone(page: Page, live_server: LiveServer, tmp_path: Path) -> None:
    superuser()
    file = tmp_path / "people.csv"
    file.write_text(FILE)
    with running([*MANAGE, "worker"], tmp_path / "log", DATABASE_URL=url_of(connection.settings_dict["NAME"])):
        sign_in(page)
        hands = Hands(page)
        page.goto("/admin/users/customer/")
        hands.steps += 2
        page.get_by_role("link", name="Import", exact=True).click()
        page.locator("input[type=file]").set_input_files(file)
        hands.click("Upload")

        expect(page.get_by_label("E-mail", exact=True)).to_have_value("email")
        hands.click("Check the file")
        expect(page.get_by_role("cell", name="Enter a valid email address")).to_be_visible()
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.set_viewport_size({"width": 1440, "height": 900})
        hands.check("Leave out the rows with errors", exact=False)
        hands.click("Import now")
        expect(page.get_by_role("button", name="Undo the whole import")).to_be_visible()
        assert Customer.objects.get().name == "Ada Lovelace"
        hands.check_budget(steps=6, pages=7)

        page.get_by_role("button", name="Undo the whole import").click()
        expect(page.get_by_role("definition").filter(has_text="Undone")).to_be_visible()
        assert not Customer.objects.exists()
