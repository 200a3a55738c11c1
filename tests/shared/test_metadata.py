"""Free texts beside a record, as programs keep them there."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from catalog.models.product import Product
from catalog.models.variant import Variant
from tests.shop.goods import ProductFactory, VariantFactory
from tests.shop.http.admin_pages import page_url, signed_in, superuser
from tests.shop.http.api_client import Caller, ok, pointers, refused
from tests.shop.http.sent_forms import opened, save
from tests.shop.people import CustomerFactory
from users.models.customer import Customer

MAKERS: dict[str, Any] = {"customers": CustomerFactory, "products": ProductFactory, "variants": VariantFactory}


@pytest.mark.parametrize("route", MAKERS)
def test_keys_that_are_not_named_stay_and_those_set_to_nothing_go(staff: Caller, route: str) -> None:
    record = MAKERS[route].create(metadata={"erp": "1", "old": "x", "older": "y"})

    body = ok(staff.patch(f"/{route}/{record.pk}", {"metadata": {"shop": "a b", "old": None, "older": ""}}))

    assert body["metadata"] == {"erp": "1", "shop": "a b"}


@pytest.mark.parametrize(
    ("pairs", "where"),
    [
        ({"k" * 41: "v"}, "/metadata/" + "k" * 41),
        ({"": "v"}, "/metadata/"),
        ({"a/b": "v" * 501}, "/metadata/a~1b"),
        ({"n": 1}, "/metadata/n"),
        ({"n": {"deep": "x"}}, "/metadata/n"),
        ({f"k{number}": "v" for number in range(51)}, "/metadata"),
        ({"n": "a\0b"}, "/metadata/n"),
        ([], "/metadata"),
        ("text", "/metadata"),
    ],
)
def test_what_is_over_the_limits_is_refused(staff: Caller, pairs: Any, where: str) -> None:
    product = ProductFactory.create(metadata={"kept": "1"})

    problem = refused(staff.patch(f"/products/{product.pk}", {"metadata": pairs}), 400, "invalid")

    assert pointers(problem) == [where]
    product.refresh_from_db()
    assert product.metadata == {"kept": "1"}


def test_the_limits_themselves_are_taken(staff: Caller) -> None:
    pairs = {f"{number:040}": "ї" * 500 for number in range(50)}

    assert ok(staff.post("/products", {"name": "Tea", "metadata": pairs}), 201)["metadata"] == pairs


@pytest.mark.parametrize("model", [Customer, Product, Variant])
@pytest.mark.parametrize(
    "wrong",
    [
        [],
        "text",
        {"n": 1},
        {"n": None},
        {"n": ["list of texts"]},
        {"": "v"},
        {"k" * 41: "v"},
        {"n": "v\n" * 251},
        {f"k{number}": "v" for number in range(51)},
    ],
    ids=str,
)
def test_the_database_takes_nothing_else(db: None, model: Any, wrong: Any) -> None:
    factories: dict[Any, Any] = {Customer: CustomerFactory, Product: ProductFactory, Variant: VariantFactory}
    record = factories[model].create()

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=record.pk).update(metadata=wrong)
    model.objects.filter(pk=record.pk).update(metadata={"\n" * 40: "v\n" * 250})


def test_metadata_is_not_shown_to_whoever_buys(staff: Caller, buyer: Caller, visitor: Caller) -> None:
    variant = VariantFactory.create(metadata={"margin": "40 %"}, product__metadata={"source": "secret"})
    Customer.objects.filter(pk=buyer.customer.pk).update(metadata={"risk": "high"})

    seen = [ok(who.get(f"/{path}")) for who in (buyer, visitor) for path in _paths(variant)]
    seen.append(ok(buyer.get(f"/customers/{buyer.customer.pk}")))

    assert [body["metadata"] for body in seen] == [{}] * len(seen)
    assert "40 %" not in str(seen)
    assert ok(staff.get(f"/products/{variant.product_id}"))["variants"][0]["metadata"] == {"margin": "40 %"}
    refused(buyer.patch(f"/customers/{buyer.customer.pk}", {"metadata": {"risk": "low"}}), 400, "invalid")


def _paths(variant: Variant) -> list[str]:
    return [f"variants/{variant.pk}", f"products/{variant.product_id}"]


def test_a_form_that_did_not_touch_the_pairs_leaves_them_as_they_are(db: None) -> None:
    odd = {"a=b": "c", "k": " x\t", " \n": "\u2028", "\\": "\\=\\n\\u0041", "v": "a\x0bb\x85c\u2029", "blank": "\u00a0"}
    product = ProductFactory.create(metadata=odd)
    boss = signed_in(superuser())
    shown = opened(boss, page_url(product))

    unchanged = save(boss, page_url(product), shown, name="Tea")

    product.refresh_from_db()
    assert (unchanged.status_code, product.name, product.metadata) == (302, "Tea", odd)
    more = save(boss, page_url(product), opened(boss, page_url(product)), metadata=shown["metadata"][0] + "\nz = 1")
    product.refresh_from_db()
    assert (more.status_code, product.metadata) == (302, {**odd, "z": "1"})


def test_a_form_shows_a_pair_a_line_and_what_is_taken_out_of_it_goes(db: None) -> None:
    product = ProductFactory.create(metadata={"erp": "1", "note": "a\nb\\n", "old": "x"})
    boss = signed_in(superuser())
    fields = opened(boss, page_url(product))

    assert fields["metadata"] == ["erp = 1\nnote = a\\nb\\\\n\nold = x"]
    assert save(boss, page_url(product), fields, metadata="erp = 2\nnote = a\\nb\\\\n").status_code == 302
    product.refresh_from_db()
    assert product.metadata == {"erp": "2", "note": "a\nb\\n"}
    again = save(boss, page_url(product), opened(boss, page_url(product)), metadata="no sign").content.decode()
    assert "key = value" in again
