"""What orders cost by price lists, taxes, coupons and shipping, over HTTP."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog.models.tax import TaxClass
from shared.clock import database_now
from tests.orders.pricing.costs import AMOUNTS, costs, reasons
from tests.shop.goods import for_sale, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, ok, refused
from tests.shop.price_rules import coupon, price_list, region, shipping
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup


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
