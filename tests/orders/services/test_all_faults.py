"""POST /orders and its preview: what is wrong with a request is named at once, wherever it is looked up."""

import sys
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from catalog.models.variant import Variant
from orders.models.order import Order
from orders.models.payment_method import PaymentMethod
from orders.states import OrderStatus
from shared.clock import database_now
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import for_sale, make_level, make_variant
from tests.shop.http.api_client import Caller, Form, ok, pointers, refused
from tests.shop.http.order_actions import make_overdue
from tests.shop.price_rules import coupon, shipping
from users.models.customer import Customer

_NO_PLACE = {"lines": [], "city": "", "country": "DE", "postal_code": "12"}
_PLACE = {"lines": ["Main Street 1"], "city": "Berlin", "postal_code": "10115", "country": "DE"}


@pytest.fixture
def all_wrong(db: None) -> dict[str, Any]:
    """A body of good form in which nothing exists or holds."""
    gone = for_sale("GONE")
    Variant.objects.filter(pk=gone.pk).update(is_active=False)
    for_sale("YEN", currency="JPY")
    PaymentMethod.objects.update_or_create(code="cash", defaults={"name": "Cash", "is_active": False})
    lines = [{"variant": sku, "quantity": 1} for sku in ("NOPE", "GONE", "YEN", "NEITHER")]
    named = {"coupon": "NONE", "shipping_method": "none", "payment_method": "cash", "currency": "USD"}
    return {"customer": str(uuid4()), "items": lines, **named}


_WHAT_IS_WRONG = [
    ("/coupon", "not_found"),
    ("/customer", "customer_not_found"),
    ("/items/0/variant", "variant_not_found"),
    ("/items/1/variant", "variant_unavailable"),
    ("/items/2/variant", "currency_mismatch"),
    ("/items/3/variant", "variant_not_found"),
    ("/payment_method", "payment_method_unavailable"),
    ("/shipping_method", "not_found"),
]


@pytest.mark.parametrize("path", ["/orders", "/orders/preview"])
def test_what_does_not_exist_is_named_with_all_else_that_does_not(
    staff: Caller, all_wrong: dict[str, Any], path: str
) -> None:
    with nothing_changes():
        problem = refused(staff.post(path, all_wrong), 400, "invalid")

    assert sorted((error["pointer"], error["code"]) for error in problem["errors"]) == _WHAT_IS_WRONG
    assert all(text in problem["detail"] for text in ("NOPE", "GONE", "NEITHER", all_wrong["customer"]))


@pytest.mark.parametrize("path", ["/orders", "/orders/preview"])
def test_faults_of_form_are_named_with_those_of_the_books(staff: Caller, all_wrong: dict[str, Any], path: str) -> None:
    body = {**all_wrong, "note": 5, "delivery_address": _NO_PLACE, "billing_address": {**_PLACE, "city": ""}}
    body |= {"metadata": {"k" * 41: "v"}, "colour": "red", "ship_to_country": "UA"}
    body["items"][3] = {"variant": "NEITHER", "quantity": 0, "seller": "me"}

    with nothing_changes():
        problem = refused(staff.post(path, body), 400, "invalid")

    of_form = ["/billing_address/city", "/colour", "/delivery_address/city", "/delivery_address/lines"]
    of_form += ["/delivery_address/postal_code", "/items/3/quantity", "/items/3/seller", f"/metadata/{'k' * 41}"]
    assert sorted(pointers(problem)) == sorted(
        [*of_form, "/note", "/ship_to_country", *(at for at, _ in _WHAT_IS_WRONG)]
    )


def test_a_bad_key_is_named_with_the_body(staff: Caller) -> None:
    problem = refused(staff.place({"items": [{"variant": "NOPE", "quantity": 1}]}, key="a b"), 400, "invalid")

    assert sorted(pointers(problem)) == ["#Idempotency-Key", "/customer", "/items/0/variant"]


def test_of_an_address_that_cannot_be_read_the_rest_is_held_against_its_country(staff: Caller, order_for: Any) -> None:
    address = {**_PLACE, "city": 5, "postal_code": "x", "lines": ["Main Street 1"] * 4}

    problem = refused(staff.place(order_for((for_sale(), 1), delivery_address=address)), 400, "invalid")

    at = "/delivery_address"
    assert sorted(pointers(problem)) == [f"{at}/city", f"{at}/lines", f"{at}/postal_code"]


def test_one_kind_of_fault_is_answered_as_itself(staff: Caller, order_for: Any) -> None:
    problem = refused(staff.place(order_for(("NOPE", 1), (for_sale(), 1), ("NEITHER", 2))), 404, "variant_not_found")

    assert problem["variants"] == ["NEITHER", "NOPE"]
    assert pointers(problem) == ["/items/0/variant", "/items/2/variant"]


def test_the_lowest_status_is_the_answers(staff: Caller, order_for: Any) -> None:
    """404 before 409, with the members of its own kind."""
    coupon("OLD", valid_until=database_now() - timedelta(days=1))

    problem = refused(staff.place(order_for(("NOPE", 1), (for_sale(), 1), coupon="OLD")), 404, "variant_not_found")

    assert problem["variants"] == ["NOPE"]
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [
        ("/items/0/variant", "variant_not_found"),
        ("/coupon", "expired"),
    ]


def test_what_depends_on_the_whole_is_not_told_of_a_part(staff: Caller, order_for: Any) -> None:
    """A coupon from 50.00 may hold with the line that nobody knows."""
    coupon("FIFTY", min_subtotal="50.00")
    shipping("local", countries=["FR"])
    body = order_for((for_sale(price="10.00"), 1), ("NOPE", 1), coupon="FIFTY", shipping_method="local")

    known = refused(staff.place(body), 404, "variant_not_found")
    alone = refused(staff.place({**body, "items": body["items"][:1]}), 409, "coupon_invalid")

    assert sorted(pointers(known)) == ["/items/1/variant", "/ship_to_country"]
    assert [(e["pointer"], e["code"]) for e in alone["errors"]] == [
        ("/coupon", "min_subtotal"),
        ("/ship_to_country", "country"),
    ]


def test_faults_are_told_before_stock_and_nobody_expires_for_them(staff: Caller, order_for: Any) -> None:
    body = order_for((make_variant("NO-STOCK"), 1))

    problem = refused(staff.place({**body, "coupon": "NONE"}), 404, "coupon_not_found")
    nobody = refused(staff.place({**body, "customer": str(uuid4())}), 404, "customer_not_found")
    short = refused(staff.place(body), 409, "insufficient_stock")

    assert (pointers(problem), pointers(nobody)) == (["/coupon"], ["/customer"])
    assert len(short["shortages"]) == 1


def test_nobody_expires_for_an_order_of_nobody(staff: Caller, order_for: Any) -> None:
    body = order_for((make_level(on_hand=1).variant, 1))
    overdue = ok(staff.place(body), 201)
    make_overdue(overdue)

    refused(staff.place({**body, "customer": str(uuid4())}), 404, "customer_not_found")
    assert Order.objects.get(pk=overdue["id"]).status == OrderStatus.PENDING

    ok(staff.place(body), 201)
    assert Order.objects.get(pk=overdue["id"]).status == OrderStatus.CANCELLED


def test_too_many_units_are_named_with_all_else(buyer: Caller, order_for: Any, settings: Any) -> None:
    settings.ORDER_LIMIT_UNITS = 2
    body = order_for((make_variant("MUCH"), 3), coupon="NONE")

    problem = refused(buyer.place(body), 404, "coupon_not_found")

    assert sorted(pointers(problem)) == ["/coupon", "/items"]


def test_a_login_that_is_no_customer_learns_nothing_of_the_shop(buyer: Caller, order_for: Any) -> None:
    Customer.objects.filter(pk=buyer.customer.pk).update(user=None)

    problem = refused(buyer.place(order_for(("NOPE", 1), coupon="NONE")), 404, "customer_not_found")

    assert pointers(problem) == ["/customer"]


@pytest.mark.parametrize("part", ["", "delivery_address"])
def test_a_refusal_takes_as_much_work_as_the_body_is_long(staff: Caller, order_for: Any, part: str) -> None:
    def sent(many: int) -> dict[str, Any]:
        unknown = {f"field_{n}": 0 for n in range(many)}
        body = order_for(("NOPE", 1))
        return {**body, part: {**_PLACE, **unknown}} if part else {**body, **unknown}

    def work(many: int) -> int:
        body = sent(many)
        calls = 0

        def count(_frame: object, _event: str, _argument: object) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(count)
        try:
            refused(staff.place(body), 400, "invalid")
        finally:
            sys.setprofile(None)
        return calls

    work(10)
    few = work(500)
    assert work(2_000) < 6 * few


def test_a_hundred_faults_are_enough(staff: Caller, order_for: Any) -> None:
    problem = refused(
        staff.place(order_for(*((f"NOPE-{n}", 1) for n in range(150)), coupon="NONE")), 404, "variant_not_found"
    )

    assert (len(problem["errors"]), len(problem["variants"])) == (100, 150)


def test_a_buyer_hears_nothing_of_others(buyer: Caller, other_buyer: Caller, order_for: Any) -> None:
    body = {**order_for(("NOPE", 1)), "customer": str(other_buyer.customer.pk)}

    problem = refused(buyer.place(body), 404, "customer_not_found")

    assert sorted(pointers(problem)) == ["/customer", "/items/0/variant"]


def test_what_is_no_object_is_no_order(staff: Caller) -> None:
    for sent in (b"[]", b"5", b'"x"', b"null"):
        assert pointers(refused(staff.place(sent), 400, "invalid")) == [""]
    refused(staff.post("/orders", Form(customer="x")), 415, "unsupported_media_type")


def test_mended_at_once_it_is_placed(staff: Caller, order_for: Any, all_wrong: dict[str, Any]) -> None:
    refused(staff.place(all_wrong, key="k1"), 400, "invalid")

    ok(staff.place(order_for((for_sale(), 1)), key="k1"), 201)
