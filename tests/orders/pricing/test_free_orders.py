"""An order that costs nothing is confirmed at once; one that comes to cost something is due that."""

from typing import Any

from inventory.models.level import StockLevel
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import balances, for_sale, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, ok, refused
from tests.shop.http.order_actions import audit_is_clean, cancel_paid, on_hand
from tests.shop.price_rules import coupon


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
