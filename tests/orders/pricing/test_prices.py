"""What orders cost by price lists, taxes, coupons and shipping, over HTTP."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog.models.tax import TaxClass
from inventory.models.level import StockLevel
from orders.models.coupon import Coupon, CouponKind, CouponUse
from shared.clock import database_now
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import balances, for_sale, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, ok, refused
from tests.shop.http.order_actions import audit_is_clean, cancel_paid, expire, on_hand
from tests.shop.price_rules import coupon, price_list, region, shipping
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup

AMOUNTS = ("subtotal", "discount_total", "tax_total", "shipping_total", "total")


def costs(order: dict[str, Any]) -> list[str]:
    return [order[name] for name in AMOUNTS]


def reasons(order: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(reason["kind"], reason["label"], reason["amount"]) for reason in order["adjustments"]]


def test_a_plain_order_has_no_reasons(staff: Caller, order_for: Any) -> None:
    order = ok(staff.place(order_for((for_sale(price="10.00", tax_rate="0.2"), 1))), 201)

    assert costs(order) == ["10.00", "0.00", "2.00", "0.00", "12.00"]
    assert (order["adjustments"], order["ship_to_country"]) == ([], "")


def test_the_lowest_price_that_holds_for_the_quantity_counts(staff: Caller, order_for: Any) -> None:
    cup, pot = for_sale(price="10.00"), for_sale(price="10.00")
    price_list("Autumn", (cup, 1, "9.50"), (pot, 1, "11.00"))
    price_list("Many", (cup, 5, "8.00"))
    price_list("Over", (cup, 1, "1.00"), valid_until=database_now() - timedelta(hours=1))
    price_list("Off", (cup, 1, "1.00"), is_active=False)
    price_list("Euro", (cup, 1, "1.00"), currency="EUR")

    few = ok(staff.place(order_for((cup, 4), (pot, 1))), 201)
    many = ok(staff.place(order_for((cup, 2), (cup, 3))), 201)

    assert [(i["unit_price"], i["price_reason"]) for i in few["items"]] == [("9.50", "Autumn"), ("10.00", "")]
    assert [(i["unit_price"], i["price_reason"]) for i in many["items"]] == [("8.00", "Many, from 5")]
    assert reasons(many) == [("price", "Many, from 5", "-10.00")]
    assert staff.read(many) == many, "what was answered is what is there"


def test_a_groups_prices_are_for_its_customers(staff: Caller, order_for: Any, customer: Customer) -> None:
    group = CustomerGroup.objects.create(name="Wholesale")
    cup = for_sale(price="10.00")
    price_list("Wholesale", (cup, 1, "6.00"), customer_group=group)
    before = ok(staff.place(order_for((cup, 1))), 201)
    Customer.objects.filter(pk=customer.pk).update(group=group)

    after = ok(staff.place(order_for((cup, 1))), 201)

    assert (before["total"], after["total"]) == ("10.00", "6.00")


def test_a_list_in_another_currency_makes_the_variant_buyable_in_it(staff: Caller, order_for: Any) -> None:
    cup, pot = for_sale(price="10.00"), for_sale(price="3.00")
    price_list("Yen", (cup, 1, "1500"), currency="JPY")

    order = ok(staff.place(order_for((cup, 2), currency="JPY")), 201)
    problem = refused(staff.place(order_for((cup, 1), (pot, 1), currency="JPY")), 400, "invalid")

    assert (order["currency"], order["total"]) == ("JPY", "3000")
    assert [error["pointer"] for error in problem["errors"]] == ["/items/1/variant"]


def test_taxes_of_the_country_in_and_on_the_price(staff: Caller, order_for: Any, customer: Customer) -> None:
    region("DE", "0.19", included=True, reduced="0.07")
    region("UA", "0.2")
    cup, book = for_sale(price="11.90", tax_rate="0.5"), for_sale(price="10.70", tax_rate="0.5")
    type(book).objects.filter(pk=book.pk).update(tax_class=TaxClass.REDUCED)

    german = ok(staff.place(order_for((cup, 1), (book, 1), ship_to_country="DE")), 201)
    Customer.objects.filter(pk=customer.pk).update(country="UA")
    own = ok(staff.place(order_for((cup, 1), (book, 1))), 201)
    elsewhere = ok(staff.place(order_for((cup, 1), ship_to_country="FR")), 201)

    assert costs(german) == ["20.00", "0.00", "2.60", "0.00", "22.60"]
    assert reasons(german) == [("tax", "VAT 19.00 %", "1.90"), ("tax", "VAT 7.00 %", "0.70")]
    assert all(item["tax_included"] for item in german["items"])
    assert (own["ship_to_country"], costs(own)) == ("UA", ["22.60", "0.00", "2.38", "0.00", "24.98"])
    assert (elsewhere["ship_to_country"], costs(elsewhere)) == ("FR", ["11.90", "0.00", "5.95", "0.00", "17.85"])


@pytest.mark.parametrize(
    ("currency", "price", "expected"),
    [("JPY", "333", ["333", "33", "60", "0", "360"]), ("KWD", "1.111", ["1.111", "0.111", "0.200", "0.000", "1.200"])],
)
def test_currencies_with_other_digits(
    staff: Caller, order_for: Any, currency: str, price: str, expected: list[str]
) -> None:
    region("UA", "0.2")
    coupon("TEN", "10")

    order = ok(
        staff.place(order_for((for_sale(price=price, currency=currency), 1), ship_to_country="UA", coupon="TEN")), 201
    )

    assert costs(order) == expected


def test_shipping_costs_until_it_is_free(staff: Caller, order_for: Any) -> None:
    region("DE", "0.19", included=True)
    shipping("post", "5.95", tax_rate="0.19", countries=["DE"], free_from=Decimal(50))
    cup = for_sale(price="10.00")

    paid = ok(staff.place(order_for((cup, 1), shipping_method="post", ship_to_country="DE")), 201)
    free = ok(staff.place(order_for((cup, 5), shipping_method="post", ship_to_country="DE")), 201)

    assert (paid["shipping_total"], paid["tax_total"], paid["total"]) == ("5.00", "2.55", "15.95")
    assert ("shipping", "Post", "5.00") in reasons(paid)
    assert (free["shipping_total"], free["total"]) == ("0.00", "50.00")


def test_shipping_is_refused_by_name(staff: Caller, order_for: Any) -> None:
    shipping("post", countries=["DE"])
    shipping("euro", currency="EUR")
    shipping("gone", is_active=False)
    cup = for_sale()

    def problem(status: int, code: str, **fields: str) -> str:
        answer = refused(staff.place(order_for((cup, 1), **fields)), status, code)
        return str(answer["errors"][0]["pointer"])

    assert problem(404, "shipping_method_not_found", shipping_method="gone") == "/shipping_method"
    assert problem(409, "shipping_not_available", shipping_method="post") == "/ship_to_country"
    assert problem(409, "shipping_not_available", shipping_method="euro") == "/shipping_method"
    assert problem(400, "invalid", ship_to_country="Germany") == "/ship_to_country"
    assert problem(400, "invalid", payment_method="x" * 31) == "/payment_method"


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


def test_an_order_that_costs_nothing_is_confirmed_at_once(staff: Caller, order_for: Any) -> None:
    coupon("FREE", "100")
    cup = for_sale(price="12.00", on_hand=5)

    placed = staff.place(order_for((cup, 2), coupon="FREE"), "key")

    order = ok(placed, 201)
    assert (order["status"], order["payment_status"], order["total"]) == ("CONFIRMED", "PAID", "0.00")
    assert (order["payment_expires_at"], order["paid_at"] is not None, order["payments"]) == (None, True, [])
    assert placed["ETag"] == f'"{order["version"]}"'
    assert [event["kind"] for event in order["events"]] == ["placed", "paid"]
    assert (order["events"][1]["from_status"], order["events"][1]["reason"]) == ("PENDING", "nothing to pay")
    assert (on_hand(order), [hold["status"] for hold in order["reservations"]]) == ([(3, 0)], ["converted"])
    assert {item["status"] for item in order["items"]} == {"CONFIRMED"}
    assert ok(staff.place(order_for((cup, 2), coupon="FREE"), "key"), 200) == order
    audit_is_clean()


def test_a_free_order_of_several_sellers_is_confirmed_with_its_parts(staff: Caller, order_for: Any) -> None:
    flyer, sample = for_sale(price="0.00"), make_variant(price="0.00")
    stock_at(sample, 3, make_seller("North", priority=5))

    order = ok(staff.place(order_for((flyer, 1), (sample, 1))), 201)

    assert (order["status"], order["total"]) == ("CONFIRMED", "0.00")
    assert [part["status"] for part in order["sub_orders"]] == ["CONFIRMED", "CONFIRMED"]
    audit_is_clean()


def test_nothing_more_is_paid_for_a_free_order(staff: Caller, order_for: Any) -> None:
    order = ok(staff.place(order_for((for_sale(price="0.00"), 1))), 201)

    with nothing_changes():
        assert ok(staff.pay(order)) == order
        assert ok(staff.pay(order, amount="0.00", reference="again")) == order
        refused(staff.pay(order, amount="1.00"), 409, "amount_mismatch")
        refused(
            staff.post(f"/orders/{order['id']}/payment-intents", {"provider": "manual", "method": "cash"}),
            409,
            "nothing_due",
        )
    ok(staff.patch(f"/orders/{order['id']}/status", {"status": "PROCESSING"}))
    assert ok(staff.patch(f"/orders/{order['id']}/status", {"status": "SHIPPED"}))["status"] == "SHIPPED"
    audit_is_clean()


def test_a_free_order_is_cancelled_like_a_paid_one(staff: Caller, order_for: Any) -> None:
    order = ok(staff.place(order_for((for_sale(price="0.00", on_hand=4), 1))), 201)

    ok(cancel_paid(staff, order))

    after = staff.read(order)
    assert (after["status"], after["payment_status"], on_hand(after)) == ("CANCELLED", "REFUNDED", [(4, 0)])
    audit_is_clean()


def test_an_unpaid_order_that_is_changed_to_cost_nothing_is_confirmed(staff: Caller, order_for: Any) -> None:
    flyer, cup = for_sale(price="0.00", on_hand=7), for_sale(price="5.00", on_hand=7)
    order = ok(staff.place(order_for((flyer, 1), (cup, 2))), 201)

    lines = [{"item": order["items"][1]["id"], "quantity": 0}]
    ok(staff.patch(f"/orders/{order['id']}/items", {"lines": lines, "reason": "the flyer alone"}))

    after = staff.read(order)
    assert (after["status"], after["payment_status"], after["total"]) == ("CONFIRMED", "PAID", "0.00")
    assert [event["kind"] for event in after["events"]] == ["placed", "edited", "paid"]
    assert sorted(balances(level.pk) for level in StockLevel.objects.all()) == [(6, 0), (7, 0)]
    audit_is_clean()


def test_a_free_order_that_is_changed_to_cost_something_is_due_that(staff: Caller, order_for: Any) -> None:
    flyer, cup = for_sale(price="0.00"), for_sale(price="5.00")
    order = ok(staff.place(order_for((flyer, 1))), 201)

    lines = [{"variant": str(cup.pk), "quantity": 1}]
    ok(staff.patch(f"/orders/{order['id']}/items", {"lines": lines, "reason": "a cup, too"}))

    assert staff.read(order)["amount_due"] == "5.00"
    audit_is_clean()
    assert ok(staff.pay(order, amount="5.00", reference="cash"))["amount_due"] == "0.00"
    audit_is_clean()


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


def test_a_preview_is_what_the_order_then_costs(staff: Caller, order_for: Any) -> None:
    region("DE", "0.19", included=True)
    shipping("post", "5.95", tax_rate="0.19")
    coupon("SUMMER", "10")
    cup, pot = for_sale(price="3.33"), make_variant(price="19.99")
    stock_at(pot, 5, make_seller("North", priority=5))
    price_list("Autumn", (cup, 2, "3.00"))
    body = order_for(
        (cup, 3), (pot, 1), coupon="SUMMER", shipping_method="post", ship_to_country="DE", payment_method="card"
    )

    preview = ok(staff.post("/orders/preview", body))
    assert ok(staff.get("/orders"))["results"] == []
    order = ok(staff.place(body), 201)

    assert costs(preview) == costs(order)
    assert reasons(preview) == reasons(order)
    assert preview["payment_method"] == order["payment_method"] == "card"
    for name in ("unit_price", "total_price", "tax_amount", "discount_amount", "price_reason", "seller", "quantity"):
        assert [item[name] for item in preview["items"]] == [item[name] for item in order["items"]], name
    for name in AMOUNTS:
        assert sum(Decimal(part[name]) for part in order["sub_orders"]) == Decimal(order[name]), name
    assert staff.read(order) == order


def test_a_preview_is_refused_like_the_order(staff: Caller, buyer: Caller, order_for: Any) -> None:
    cup = for_sale(on_hand=1)

    assert refused(staff.post("/orders/preview", order_for((cup, 2))), 409, "insufficient_stock")
    nobody = {**order_for((cup, 1)), "customer": "01a1ff2d-a455-7222-bed2-a208f2851c1f"}
    assert refused(staff.post("/orders/preview", nobody), 404, "customer_not_found")
    assert refused(staff.post("/orders/preview", {**order_for((cup, 1)), "agreed_price": "1"}), 400, "invalid")
    assert ok(buyer.post("/orders/preview", order_for((cup, 1))))["total"] == "10.00"
