"""POST /orders: what a placed order looks like and what it does to the stock."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from orders.models.order import Order
from orders.models.order_event import OrderEvent
from shared.clock import database_now
from tests.shop.goods import balances, for_sale
from tests.shop.http.api_client import Caller, ok

# fmt: off
ORDER_FIELDS = {
    "id", "number", "customer", "status", "payment_status", "currency", "subtotal", "discount_total",
    "tax_total", "shipping_total", "total", "items", "note", "payment_expires_at", "paid_at", "cancelled_at",
    "cancel_reason", "parent", "version", "created_at", "updated_at", "payments", "reservations", "events",
}
ITEM_FIELDS = {
    "id", "order", "variant", "sku", "name", "seller", "quantity", "unit_price", "total_price",
    "refunded_quantity", "status",
}
# fmt: on


def test_a_placed_order_is_created_and_tells_where_and_at_which_version(staff: Caller, order_for: Any) -> None:
    body = order_for((for_sale(), 2))

    answer = staff.place(body)

    order = ok(answer, 201)
    assert answer["Location"].endswith(f"/api/v1/orders/{order['id']}")
    assert answer["ETag"] == f'"{order["version"]}"' == '"1"'
    assert answer["Content-Type"] == "application/json"
    assert "Idempotent-Replayed" not in answer
    assert ok(staff.get(answer["Location"])) == order


def test_a_placed_order_has_every_field_of_its_shape(staff: Caller, order_for: Any) -> None:
    variant = for_sale("MUG", price="19.99", tax_rate="0.2")

    order = ok(staff.place(order_for((variant, 3), note="Ring twice")), 201)

    assert order.keys() >= ORDER_FIELDS
    assert UUID(order["id"]).version == 7
    assert order["number"]
    assert order["customer"] == order_for()["customer"]
    assert (order["status"], order["payment_status"], order["currency"]) == ("PENDING", "PENDING", "USD")
    assert (order["subtotal"], order["tax_total"], order["total"]) == ("59.97", "11.99", "71.96")
    assert (order["discount_total"], order["shipping_total"]) == ("0.00", "0.00")
    assert order["note"] == "Ring twice"
    assert (order["paid_at"], order["cancelled_at"], order["cancel_reason"], order["parent"]) == (
        None,
        None,
        "",
        None,
    )
    assert order["created_at"].endswith("Z")
    assert order["created_at"] == order["updated_at"]


def test_a_line_is_a_snapshot_of_what_was_bought(staff: Caller, order_for: Any) -> None:
    variant = for_sale("MUG", price="19.99")
    seller = variant.stock_levels.get().location.seller

    order = ok(staff.place(order_for((variant, 3))), 201)
    variant.price, variant.sku = 1, "OTHER"
    variant.save()

    (item,) = staff.read(order)["items"]
    assert item.keys() >= ITEM_FIELDS
    assert (item["order"], item["variant"], item["seller"]) == (order["id"], str(variant.pk), str(seller.pk))
    assert (item["sku"], item["name"]) == ("MUG", variant.product.name)
    assert (item["quantity"], item["unit_price"], item["total_price"]) == (3, "19.99", "59.97")
    assert (item["refunded_quantity"], item["status"]) == (0, "PENDING")


def test_the_detail_shows_what_is_held_and_what_happened(staff: Caller, order_for: Any) -> None:
    variant = for_sale(on_hand=5)

    order = ok(staff.place(order_for((variant, 2))), 201)

    level = variant.stock_levels.get()
    (hold,) = order["reservations"]
    assert (hold["item"], hold["stock_level"]) == (order["items"][0]["id"], str(level.pk))
    assert (hold["quantity"], hold["status"], hold["expires_at"]) == (
        2,
        "active",
        order["payment_expires_at"],
    )
    (event,) = order["events"]
    assert (event["kind"], event["from_status"], event["to_status"]) == ("placed", "", "PENDING")
    assert (event["actor"], event["created_at"]) == (str(staff.user.pk), order["created_at"])
    assert event["data"] == {} != OrderEvent.objects.get().data  # for whom it was placed is kept for the audit alone
    assert order["payments"] == []
    assert balances(level.pk) == (5, 2)


def test_payment_is_due_fifteen_minutes_after_the_databases_time(staff: Caller, order_for: Any) -> None:
    before = database_now()
    order = ok(staff.place(order_for((for_sale(), 1))), 201)
    after = database_now()

    placed = datetime.fromisoformat(order["created_at"])
    assert before <= placed <= after
    assert datetime.fromisoformat(order["payment_expires_at"]) == placed + timedelta(minutes=15)


def test_without_a_payment_timeout_nothing_is_ever_due(staff: Caller, order_for: Any, settings: Any) -> None:
    settings.PAYMENT_TIMEOUT_MINUTES = 0

    order = ok(staff.place(order_for((for_sale(), 1))), 201)

    assert order["payment_expires_at"] is None
    assert order["reservations"][0]["expires_at"] is None


def test_a_variant_may_be_named_by_its_sku(staff: Caller, order_for: Any) -> None:
    variant = for_sale("TEA-100")

    order = ok(staff.place(order_for(("TEA-100", 1))), 201)

    assert order["items"][0]["variant"] == str(variant.pk)


def test_lines_of_one_variant_and_seller_are_summed(staff: Caller, order_for: Any) -> None:
    variant, other = for_sale("TEA", on_hand=5), for_sale("MUG")

    order = ok(staff.place(order_for((variant, 2), (other, 1), ("TEA", 3))), 201)

    assert [(item["sku"], item["quantity"]) for item in order["items"]] == [("TEA", 5), ("MUG", 1)]
    assert balances(variant.stock_levels.get().pk) == (5, 5)


def test_the_last_unit_can_be_bought(staff: Caller, order_for: Any) -> None:
    variant = for_sale(on_hand=1)

    ok(staff.place(order_for((variant, 1))), 201)

    assert balances(variant.stock_levels.get().pk) == (1, 1)


def test_a_million_units_of_a_variant_are_the_most(staff: Caller, order_for: Any) -> None:
    variant = for_sale(on_hand=1_000_000, price="999999999999.99", tax_rate="1")

    order = ok(staff.place(order_for((variant, 999_999), (variant, 1))), 201)

    assert order["items"][0]["quantity"] == 1_000_000
    assert order["total"] == "1999999999999980000.00"


def test_two_hundred_lines_and_a_note_of_ten_thousand_characters_are_fine(staff: Caller, order_for: Any) -> None:
    variants = [for_sale() for _ in range(200)]

    order = ok(staff.place(order_for(*((v, 1) for v in variants), note="ä" * 10_000)), 201)

    assert [item["variant"] for item in order["items"]] == [str(v.pk) for v in variants]
    assert order["note"] == "ä" * 10_000


def test_a_customers_login_buys_for_itself_without_saying_so(buyer: Caller) -> None:
    variant = for_sale()

    order = ok(buyer.place({"items": [{"variant": str(variant.pk), "quantity": 1}]}), 201)

    assert order["customer"] == str(buyer.customer.pk)


def test_a_key_places_for_any_customer(till: Caller, order_for: Any) -> None:
    order = ok(till.place(order_for((for_sale(), 1))), 201)

    assert order["customer"] == order_for()["customer"]
    assert order["events"][0]["actor"] == str(till.user.pk)


@pytest.mark.parametrize("path", ["/orders", "/orders/"])
def test_a_trailing_slash_is_forgiven(staff: Caller, order_for: Any, path: str) -> None:
    ok(staff.post(path, order_for((for_sale(), 1))), 201)


def test_order_numbers_differ(staff: Caller, order_for: Any) -> None:
    variant = for_sale()

    numbers = {ok(staff.place(order_for((variant, 1))), 201)["number"] for _ in range(5)}

    assert len(numbers) == 5
    assert set(Order.objects.values_list("number", flat=True)) == numbers


def test_a_currency_that_is_the_variants_own_is_accepted(staff: Caller, order_for: Any) -> None:
    order = ok(staff.place(order_for((for_sale(currency="EUR"), 1), currency="EUR")), 201)

    assert order["currency"] == "EUR"
