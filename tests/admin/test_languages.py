"""Pages speak the language of whoever reads them; the API speaks English, whoever asks."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from orders.models.order_event import OrderEvent
from shared.api import docs
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import list_url, page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import CustomerFactory, make_buyer
from users.models.customer import Customer

UKRAINIAN = {"accept-language": "uk-UA,uk;q=0.9,en;q=0.5"}


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def test_a_page_is_in_the_language_that_the_browser_asks_for(boss: Client) -> None:
    CustomerFactory.create()

    page = text_of(boss.get(list_url(Customer), headers=UKRAINIAN))

    assert "Клієнти" in page
    assert "Завдання" in page


def test_a_browser_that_knows_neither_language_is_served_english(boss: Client) -> None:
    page = text_of(boss.get(list_url(Customer), headers={"accept-language": "ja"}))

    assert "Products" in page


def test_whoever_chooses_a_language_keeps_it(boss: Client) -> None:
    here = list_url(Customer)
    offered = boss.get(here).content.decode()

    answer = boss.post(reverse("set_language"), {"language": "uk", "next": here})

    assert 'name="language"' in offered
    assert "Українська" in offered
    assert answer["Location"] == here
    assert "Завдання" in text_of(boss.get(here, headers={"accept-language": "en"}))


def test_a_refusal_is_in_the_language_of_the_page(boss: Client) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 2))
    stale = {"reason": "staff", "note": "x", "version": "7"}

    refused = boss.post(page_url(order, "cancel"), stale, headers=UKRAINIAN)

    assert f"Замовлення {order.number} має версію 1," in text_of(refused)


def test_a_reason_is_kept_in_english_and_read_in_any_language(boss: Client) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 2))
    for reference in ("first", "second"):
        payment = {"amount": str(order.total), "reference": reference}
        boss.post(page_url(order, "confirm_payment"), payment, headers=UKRAINIAN)

    assert OrderEvent.objects.filter(order=order, reason="paid twice").exists()
    assert "оплачено двічі" in text_of(boss.get(page_url(order), headers=UKRAINIAN))


def test_the_api_answers_in_english_after_a_ukrainian_page(boss: Client) -> None:
    boss.get(list_url(Customer), headers=UKRAINIAN)

    problem = boss.get("/api/v1/orders/01890a5d-ac96-774b-bcce-b302099a8057", headers=UKRAINIAN).json()

    assert problem["title"].isascii()
    assert problem["detail"].isascii()


def test_the_api_is_described_in_english_whoever_asks_first(client: Client) -> None:
    docs.openapi_document.cache_clear()

    described = client.get("/api/schema", headers=UKRAINIAN).content.decode()

    assert re.findall(r"[\u0400-\u04ff]+", described.replace("Українська", "")) == []
