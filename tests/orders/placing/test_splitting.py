"""An order over several sellers: one for the buyer, one part for each seller."""

from decimal import Decimal
from typing import Any

import pytest

from catalog.models.seller import Seller
from inventory.models.level import StockLevel
from tests.shop.goods import for_sale, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, ok
from tests.shop.http.order_actions import expire

AMOUNTS = ("subtotal", "discount_total", "tax_total", "shipping_total", "total")


@pytest.fixture
def north(db: None) -> Seller:
    return make_seller("North", priority=5)


@pytest.fixture
def south(db: None) -> Seller:
    return make_seller("South", priority=6)


@pytest.fixture
def lines(north: Seller, south: Seller) -> list[tuple[Any, int]]:
    """Goods of three sellers; two lines of the first one."""
    cup, pot = make_variant(price="3.33", tax_rate="0.07"), make_variant(price="19.99", tax_rate="0.19")
    stock_at(cup, 10, north)
    stock_at(pot, 10, south)
    return [(for_sale(price="1.01", tax_rate="0.2"), 3), (cup, 2), (pot, 1), (for_sale(), 1)]


def split(staff: Caller, order_for: Any, lines: list[tuple[Any, int]], key: str | None = None) -> dict[str, Any]:
    return ok(staff.place(order_for(*lines), key), 201)


def test_every_seller_gets_a_part_that_adds_up_to_the_order(staff: Caller, order_for: Any, lines: Any) -> None:
    order = split(staff, order_for, lines)
    parts = order["sub_orders"]

    assert [part["number"] for part in parts] == [f"{order['number']}-{n}" for n in (1, 2, 3)]
    assert [item["seller"] for item in order["items"]] == [parts[n]["seller"] for n in (0, 1, 2, 0)]
    assert [item["order"] for item in order["items"]] == [parts[n]["id"] for n in (0, 1, 2, 0)]
    for name in AMOUNTS:
        assert sum(Decimal(part[name]) for part in parts) == Decimal(order[name]), name
    assert staff.read(order) == order, "what was answered is what is there"


def test_a_part_is_an_order_of_its_own_but_lists_show_whole_orders(staff: Caller, order_for: Any, lines: Any) -> None:
    order = split(staff, order_for, lines)
    part = staff.read(order["sub_orders"][1])

    assert (part["parent"], part["seller"], part["sub_orders"]) == (order["id"], order["sub_orders"][1]["seller"], [])
    assert [item["sku"] for item in part["items"]] == [lines[1][0].sku]
    assert [row["id"] for row in ok(staff.get("/orders"))["results"]] == [order["id"]]
    listed = ok(staff.get("/orders", parent=order["id"]))["results"]
    assert {row["id"] for row in listed} == {row["id"] for row in order["sub_orders"]}
    assert ok(staff.get("/orders", seller=part["seller"]))["results"] == ok(staff.get("/orders"))["results"]
    assert ok(staff.get("/orders", number=part["number"]))["results"][0]["id"] == part["id"]


def test_what_hangs_on_its_parts_is_found_by_the_whole_order(staff: Caller, order_for: Any, lines: Any) -> None:
    order = ok(staff.pay(split(staff, order_for, lines)))
    part = order["sub_orders"][1]
    [line] = [item for item in order["items"] if item["order"] == part["id"]]
    wish = {"items": [{"item": line["id"], "quantity": 1, "restock": False}], "reason": "broken"}
    [refund] = ok(staff.post(f"/orders/{order['id']}/refunds", wish), 201)
    shipment = ok(staff.post(f"/orders/{order['sub_orders'][0]['id']}/shipments", {}), 201)

    def found(path: str, of: dict[str, Any]) -> set[str]:
        return {row["id"] for row in ok(staff.get(path, order=of["id"]))["results"]}

    assert found("/order-items", order) == {item["id"] for item in order["items"]}
    assert found("/refunds", order) == found("/refunds", part) == {refund["id"]}
    assert found("/shipments", order) == {shipment["id"]}
    assert (found("/order-items", part), found("/shipments", part)) == ({line["id"]}, set())


def test_it_is_paid_as_a_whole_and_goes_on_as_a_whole(staff: Caller, order_for: Any, lines: Any) -> None:
    order = split(staff, order_for, lines)
    refused = staff.pay(order["sub_orders"][0])
    assert (refused.status_code, refused.json()["code"]) == (409, "is_sub_order")

    paid = ok(staff.pay(order))

    assert (paid["status"], paid["payment_status"]) == ("CONFIRMED", "PAID")
    assert {part["status"] for part in paid["sub_orders"]} == {"CONFIRMED"}
    assert {item["status"] for item in paid["items"]} == {"CONFIRMED"}
    assert {hold["status"] for hold in paid["reservations"]} == {"converted"}
    assert [event["kind"] for event in staff.read(order["sub_orders"][2])["events"]] == ["placed", "paid"]


def test_it_is_cancelled_as_a_whole(staff: Caller, order_for: Any, lines: Any) -> None:
    order = split(staff, order_for, lines)
    assert staff.delete(f"/orders/{order['sub_orders'][0]['id']}").json()["code"] == "is_sub_order"

    gone = ok(staff.delete(f"/orders/{order['id']}"))

    assert {gone["status"], *(part["status"] for part in gone["sub_orders"])} == {"CANCELLED"}
    assert not StockLevel.objects.filter(reserved__gt=0).exists()


def test_it_expires_as_a_whole_and_a_late_payment_revives_it_whole(staff: Caller, order_for: Any, lines: Any) -> None:
    order = split(staff, order_for, lines)
    expire(order)
    gone = staff.read(order)
    assert {gone["status"], *(part["status"] for part in gone["sub_orders"])} == {"CANCELLED"}
    assert {item["status"] for item in gone["items"]} == {"CANCELLED"}

    late = ok(staff.pay(order))

    assert {late["status"], *(part["status"] for part in late["sub_orders"])} == {"CONFIRMED"}


def test_the_same_request_again_finds_it_with_its_parts(staff: Caller, order_for: Any, lines: Any) -> None:
    order = split(staff, order_for, lines, "once")
    again = staff.place(order_for(*lines), "once")

    assert (again.status_code, ok(again)) == (200, order)


def test_one_short_seller_leaves_nothing_behind(staff: Caller, order_for: Any, lines: Any) -> None:
    refused = staff.place(order_for(*[(variant, 11) for variant, _ in lines]))

    assert refused.status_code == 409
    assert len(refused.json()["shortages"]) == 2
    assert ok(staff.get("/orders"))["results"] == []
    assert not StockLevel.objects.filter(reserved__gt=0).exists()
