"""Price lists, tax regions, coupons and shipping methods over HTTP."""

from decimal import Decimal
from typing import Any

import pytest

from orders.models.coupon import Coupon
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, login, ok, pointers, refused
from tests.shop.people import make_buyer
from users.models.user import User


@pytest.fixture
def staff(db: None) -> Caller:
    return login(User.objects.create_superuser("staff@example.com"))


@pytest.fixture
def buyer(db: None) -> Caller:
    return login(make_buyer().customer.user)


def test_a_price_list_is_written_with_its_prices(staff: Caller) -> None:
    cup = for_sale(price="10.00")
    body = {"name": "Autumn", "currency": "USD", "prices": [{"variant": str(cup.pk), "amount": "9.50"}]}

    made = ok(staff.post("/price-lists", body), 201)
    address = f"/price-lists/{made['id']}"
    new = [{"variant": str(cup.pk), "min_quantity": 5, "amount": "8.00"}]
    changed = ok(staff.patch(address, {"prices": new}))

    assert made["prices"] == [{"variant": str(cup.pk), "min_quantity": 1, "amount": "9.50"}]
    assert (changed["name"], changed["prices"]) == ("Autumn", new)
    assert staff.delete(address).status_code == 204
    assert ok(staff.get(address))["is_active"] is False


def test_prices_are_whole_minor_units_of_variants_that_exist(staff: Caller) -> None:
    cup = for_sale()
    nobodys = "01a1ff2d-a455-7222-bed2-a208f2851c1f"

    def fault(**price: Any) -> list[str]:
        line = {"variant": str(cup.pk), "amount": "1", **price}
        return pointers(
            refused(staff.post("/price-lists", {"name": "X", "currency": "JPY", "prices": [line]}), 400, "invalid")
        )

    assert fault(amount="0.5") == ["/prices/0/amount"]
    assert fault(variant=nobodys) == ["/prices/0/variant"]
    assert fault(min_quantity=0) == ["/prices/0/min_quantity"]


def test_a_change_brings_whole_rows(staff: Caller) -> None:
    prices = ok(staff.post("/price-lists", {"name": "X", "currency": "USD"}), 201)
    region = ok(staff.post("/tax-regions", {"country": "DE", "name": "Germany"}), 201)

    no_price = refused(staff.patch(f"/price-lists/{prices['id']}", {"prices": [{}]}), 400, "invalid")
    no_rate = refused(staff.patch(f"/tax-regions/{region['id']}", {"rates": [{"name": "MwSt."}]}), 400, "invalid")

    assert sorted(pointers(no_price)) == ["/prices/0/amount", "/prices/0/variant"]
    assert pointers(no_rate) == ["/rates/0/rate"]


def test_a_region_has_one_rate_for_each_class(staff: Caller) -> None:
    rates = [{"tax_class": "standard", "name": "MwSt. 19 %", "rate": "0.1900"}]
    made = ok(staff.post("/tax-regions", {"country": "DE", "name": "Germany", "rates": rates}), 201)

    assert made["rates"] == rates
    refused(staff.post("/tax-regions", {"country": "DE", "name": "Again"}), 409, "already_exists")
    refused(staff.patch(f"/tax-regions/{made['id']}", {"rates": rates * 2}), 409, "already_exists")
    assert ok(staff.get(f"/tax-regions/{made['id']}"))["rates"] == rates


def test_a_coupon_is_written_by_its_rules(staff: Caller) -> None:
    made = ok(staff.post("/coupons", {"code": "summer", "value": "10"}), 201)
    address = f"/coupons/{made['id']}"

    assert (made["code"], made["kind"], made["used_count"]) == ("SUMMER", "percent", 0)
    refused(staff.post("/coupons", {"code": "Summer"}), 409, "already_exists")
    assert pointers(refused(staff.patch(address, {"value": "101"}), 400, "invalid")) == ["/value"]
    assert pointers(refused(staff.patch(address, {"kind": "amount"}), 400, "invalid")) == ["/currency"]
    Coupon.objects.update(used_count=3)
    assert pointers(refused(staff.patch(address, {"usage_limit": 2}), 400, "invalid")) == ["/usage_limit"]
    assert ok(staff.patch(address, {"usage_limit": 3}))["used_count"] == 3


def test_anyone_sees_how_orders_can_travel(staff: Caller, buyer: Caller) -> None:
    body = {"code": "post", "name": "Post", "currency": "USD", "price": "5.00", "countries": ["ua", "DE"]}
    made = ok(staff.post("/shipping-methods", body), 201)

    assert made["countries"] == ["DE", "UA"]
    assert [row["code"] for row in ok(Caller().get("/shipping-methods"))["results"]] == ["post"]
    assert buyer.post("/shipping-methods", body).status_code == 403
    refused(staff.post("/shipping-methods", body), 409, "already_exists")
    assert pointers(refused(staff.patch(f"/shipping-methods/{made['id']}", {"countries": ["1x"]}), 400, "invalid"))
    assert staff.delete(f"/shipping-methods/{made['id']}").status_code == 204
    assert ok(Caller().get("/shipping-methods"))["results"] == []
    assert ok(staff.get("/shipping-methods"))["results"][0]["is_active"] is False


def test_a_coupon_of_an_amount_needs_no_smallest_order(staff: Caller) -> None:
    made = ok(staff.post("/coupons", {"code": "FIVE", "kind": "amount", "value": "5", "currency": "USD"}), 201)

    assert Decimal(made["min_subtotal"]) == 0


def test_customers_see_no_coupons(buyer: Caller) -> None:
    for path in ("/coupons", "/price-lists", "/tax-regions"):
        assert buyer.get(path).status_code == 403
