"""Whoever was signed out amid some work signs in again and goes on: no address answers them that it takes no GET."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from orders.models.order import Order
from tests.rights.role_routes import MODEL_PAGES, PAGES
from tests.rights.routes import admin_pages
from tests.shop.http.admin_pages import list_url, signed_in, superuser, text_of

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/order/?status__exact=CONFIRMED"
_KNOWN = {"bulk", "saved_view_save", "saved_view_change", "crm_deal_board_move", "end_session", "end_other_sessions"}
_KNOWN |= {"list_columns", "first_steps_dismiss", "first_steps_mail", "demo_shop_hide"}


def _only_sent() -> dict[str, str]:
    """Name and address of the admin's pages that only take what is sent, by what they answer to a GET."""
    boss = signed_in(superuser("looker@example.com"))
    own = (page for page in admin_pages() if page.method == "GET")
    pages = [page for page in own if page.name in PAGES or page.name.rpartition("_")[2] not in MODEL_PAGES]
    answers = {page.name: (page.url, boss.get(page.url).status_code) for page in pages if page.name != "logout"}
    assert [name for name, (_url, status) in answers.items() if status == 405] == []
    return {name: url for name, (url, status) in answers.items() if status == 303}


def test_after_signing_in_again_every_address_leads_back_to_the_page_it_was_sent_from() -> None:
    addresses = _only_sent()
    assert addresses.keys() >= _KNOWN

    boss = signed_in(superuser())
    for name, url in addresses.items():
        sent = Client().post(url, headers={"Referer": f"http://testserver{LIST}"})
        assert sent.status_code == 302, name
        assert urlsplit(sent["Location"]).path == reverse("admin:login")
        [wanted] = parse_qs(urlsplit(sent["Location"]).query)["next"]
        led = boss.get(wanted)
        assert (led.status_code, led["Location"]) == (303, LIST), name
    assert "please do it once more" in text_of(boss.get(LIST))


def test_without_a_word_of_the_page_before_the_nearest_list_is_shown() -> None:
    boss = signed_in(superuser())

    assert boss.get("/admin/bulk/crm.task/complete/")["Location"] == "/admin/crm/task/"
    assert boss.get("/admin/crm/deal/board/move/")["Location"] == "/admin/crm/deal/"
    assert boss.get("/admin/views/save/")["Location"] == "/admin/"
    assert boss.get("/admin/views/save/?back=https://elsewhere.example/")["Location"] == "/admin/"


def test_a_form_leads_back_to_its_own_page() -> None:
    url = reverse("admin:orders_order_add")

    sent = Client().post(url, headers={"Referer": f"http://testserver{url}"})

    assert parse_qs(urlsplit(sent["Location"]).query)["next"] == [url]


def test_a_script_is_told_that_nobody_is_signed_in() -> None:
    asked = Client().post(list_url(Order), headers={"Accept": "application/json"})
    boss = superuser()

    assert (asked.status_code, asked.json()) == (401, {"code": "signed_out"})
    now = signed_in(boss).get(reverse("admin:session"), headers={"Accept": "application/json"})
    assert now.json() == {"user": str(boss.pk)}
