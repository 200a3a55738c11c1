"""How the order desk finds what is sold, and to whom."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.shop.goods import make_level
from tests.shop.http.admin_pages import signed_in, superuser
from tests.shop.http.answer import Answer
from tests.shop.people import CustomerFactory


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def found(client: Client, name: str, term: str) -> Any:
    answer: Answer = client.get(reverse(name), {"q": term})
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_variants_are_found_by_words_sku_and_barcode(boss: Client) -> None:
    level = make_level(on_hand=10, price="29.90")
    variant = level.variant
    variant.product.name = "Linen apron"
    variant.product.save()
    type(variant).objects.filter(pk=variant.pk).update(sku="APR-M", name="M", barcode="4006381333931")
    name = "admin:catalog_variant_find"

    assert found(boss, name, "apron")["rows"][0]["text"] == "Linen apron, M · APR-M · 29.90 USD · 10 available"
    for code in ("apr-m", "4006381333931", "04006381333931"):
        assert found(boss, name, code)["exact"]["id"] == str(variant.pk), code
    for nothing in ("", "\0", "4006381333948", "x" * 5_000):
        assert found(boss, name, nothing) == {"exact": None, "rows": [], "near": False}
    type(variant).objects.filter(pk=variant.pk).update(is_active=False)
    assert found(boss, name, "apron")["rows"] == []
    assert found(boss, name, "APR-M")["exact"]["is_for_sale"] is False


def test_customers_are_found_with_their_addresses(boss: Client) -> None:
    customer = CustomerFactory.create(name="Žofie Nováková", phone="+420 601 123 456")

    for term in ("novakova", "zofie", "123456"):
        assert [row["id"] for row in found(boss, "admin:users_customer_find", term)["rows"]] == [str(customer.pk)]
    assert found(boss, "admin:users_customer_find", " ")["rows"] == []
