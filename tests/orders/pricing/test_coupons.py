"""What a coupon takes off, when it holds, and who gets it back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from orders.models.coupon import Coupon, CouponKind, CouponUse
from shared.clock import database_now
from tests.orders.pricing.costs import costs, reasons
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, ok, refused
from tests.shop.http.order_actions import expire
from tests.shop.price_rules import coupon, shipping
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup


def test_a_coupon_is_shared_out_over_the_lines_and_taken_before_tax(staff: Caller, order_for: Any) -> None:
    coupon("SUMMER", "10")
    lines = [(for_sale(price=price, tax_rate="0.2"), 1) for price in ("0.33", "0.33", "0.34")]

    order = ok(staff.place(order_for(*lines, coupon="summer")), 201)

    assert (order["coupon"], costs(order)) == ("SUMMER", ["1.00", "0.10", "0.18", "0.00", "1.08"])
    assert [item["discount_amount"] for item in order["items"]] == ["0.03", "0.03", "0.04"]
    assert reasons(order) == [("discount", "SUMMER", "-0.10")]


def test_an_amount_off_never_makes_a_total_negative(staff: Caller, order_for: Any) -> None:
    coupon("FIVER", "5", kind=CouponKind.AMOUNT, currency="USD")
    cup = for_sale(price="2.00", tax_rate="0.2")

    assert ok(staff.place(order_for((cup, 1), coupon="FIVER")), 201)["total"] == "0.00"
    assert ok(staff.place(order_for((cup, 5), coupon="FIVER")), 201)["total"] == "6.00"


def test_a_coupon_for_free_shipping(staff: Caller, order_for: Any) -> None:
    coupon("FREIGHT", "0", kind=CouponKind.FREE_SHIPPING)
    shipping("post", "5.00", tax_rate="0.2")
    cup = for_sale(price="10.00")

    order = ok(staff.place(order_for((cup, 1), coupon="FREIGHT", shipping_method="post")), 201)

    assert costs(order) == ["10.00", "0.00", "0.00", "0.00", "10.00"]
    assert CouponUse.objects.get().amount == 5


def _hours(count: int) -> Any:
    return database_now() + timedelta(hours=count)


@pytest.mark.parametrize(
    ("reason", "facts"),
    [
        ("inactive", lambda: {"is_active": False}),
        ("not_yet_valid", lambda: {"valid_from": _hours(1)}),
        ("expired", lambda: {"valid_until": _hours(-1)}),
        ("customer_group", lambda: {"customer_group": CustomerGroup.objects.create(name="VIP")}),
        ("currency", lambda: {"currency": "EUR"}),
        ("min_subtotal", lambda: {"min_subtotal": Decimal("10.01")}),
        ("no_shipping", lambda: {"kind": CouponKind.FREE_SHIPPING}),
        ("used_up", lambda: {"usage_limit": 0}),
        ("customer_limit", lambda: {"customer_limit": 0}),
    ],
)
def test_a_coupon_that_does_not_hold_says_why(staff: Caller, order_for: Any, reason: str, facts: Any) -> None:
    coupon("SUMMER", **facts())
    body = order_for((for_sale(price="10.00"), 1), coupon="SUMMER")

    for answer in (staff.place(body), staff.post("/orders/preview", body)):
        problem = refused(answer, 409, "coupon_invalid")
        assert (problem["reason"], problem["errors"][0]["pointer"]) == (reason, "/coupon")
    assert ok(staff.get("/orders"))["results"] == []


def test_an_unknown_coupon_is_not_found(staff: Caller, order_for: Any) -> None:
    problem = refused(staff.place(order_for((for_sale(), 1), coupon="NONE")), 404, "coupon_not_found")

    assert problem["coupon"] == "NONE"


def test_an_order_that_ends_unpaid_gives_its_coupon_back(staff: Caller, order_for: Any) -> None:
    coupon("ONCE", usage_limit=1, customer_limit=1)
    body = order_for((for_sale(price="10.00"), 1), coupon="once")

    first = ok(staff.place(body), 201)
    assert refused(staff.place(body), 409, "coupon_invalid")["reason"] == "used_up"
    expire(first)
    second = ok(staff.place(body), 201)
    ok(staff.delete(f"/orders/{second['id']}"))
    third = ok(staff.place(body), 201)
    ok(staff.pay(third))

    assert (Coupon.objects.get().used_count, CouponUse.objects.get().order_id.hex) == (1, third["id"].replace("-", ""))
    late = ok(staff.pay(first))
    assert (late["status"], late["total"]) == ("CONFIRMED", "9.00"), "its price was promised"
    assert CouponUse.objects.count() == 1, "but the coupon is used up"


@pytest.mark.parametrize(
    ("email", "phone", "is_same"),
    [
        ("ANN@example.COM", "", True),
        ("ann+shop@example.com", "", True),
        ("other@example.com", "+38 (050) 123-45-67", True),
        ("anna@example.com", "+380501234568", False),
        ("ann@example.org", "", False),
    ],
)
def test_a_coupon_once_a_customer_is_once_a_person(
    staff: Caller, order_for: Any, email: str, phone: str, is_same: bool
) -> None:
    coupon("ONCE", customer_limit=1)
    cup = for_sale(price="10.00", on_hand=9)
    first = Customer.objects.create(name="Ann", email="Ann+news@Example.com", phone="+380 50 1234567")
    second = Customer.objects.create(name="Ann", email=email, phone=phone)
    ok(staff.place({**order_for((cup, 1), coupon="ONCE"), "customer": str(first.pk)}), 201)

    answer = staff.place({**order_for((cup, 1), coupon="ONCE"), "customer": str(second.pk)})

    assert answer.status_code == (409 if is_same else 201)
    assert not is_same or refused(answer, 409, "coupon_invalid")["reason"] == "customer_limit"


def test_a_revived_order_uses_its_coupon_again(staff: Caller, order_for: Any) -> None:
    coupon("ONCE", usage_limit=1)
    order = ok(staff.place(order_for((for_sale(price="10.00"), 1), coupon="ONCE")), 201)
    expire(order)
    assert Coupon.objects.get().used_count == 0

    ok(staff.pay(order))

    assert (Coupon.objects.get().used_count, CouponUse.objects.count()) == (1, 1)


def test_the_same_request_again_finds_the_order_though_the_coupon_is_used_up(staff: Caller, order_for: Any) -> None:
    coupon("ONCE", usage_limit=1)
    body = order_for((for_sale(), 1), coupon="ONCE")
    order = ok(staff.place(body, "k"), 201)

    assert ok(staff.place(body, "k"), 200) == order
    assert refused(staff.place({**body, "coupon": "DUPLICATE"}, "k"), 422, "idempotency_key_reused")
