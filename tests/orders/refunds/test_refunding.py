"""POST /orders/{id}/refunds and /cancellation: money goes back, and what has not left comes back on the shelf."""

from typing import Any

import pytest

from catalog.models.variant import Variant
from orders.reservations.backorders import waiting_units
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, machine, ok, pointers, refused
from tests.shop.http.order_actions import audit_is_clean, cancel_paid, on_hand, paid, refund, sent

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def order(staff: Caller, order_for: Any) -> dict[str, Any]:
    """3 x 10.00 + 19 % tax."""
    return paid(staff, order_for((for_sale("TEA", on_hand=5, tax_rate="0.19"), 3), (for_sale("CUP", on_hand=2), 1)))


def test_units_that_have_not_left_go_back_on_the_shelf_with_their_money(staff: Caller, order: dict[str, Any]) -> None:
    (made,) = ok(refund(staff, order, 1), 201)

    assert (made["amount"], made["status"], made["cause"]) == ("11.90", "DUE", "items")
    assert [(row["quantity"], row["amount"], row["restocked_quantity"]) for row in made["items"]] == [(1, "11.90", 1)]
    now = staff.read(order)
    assert (now["status"], now["payment_status"]) == ("CONFIRMED", "PARTIALLY_REFUNDED")
    assert [item["refunded_quantity"] for item in now["items"]] == [1, 0]
    assert now["events"][-1]["kind"] == "refunded"
    assert on_hand(order)[0] == (3, 0)
    audit_is_clean()


def test_refunding_line_by_line_ends_with_a_cancelled_order(staff: Caller, order: dict[str, Any]) -> None:
    ok(refund(staff, order, 2), 201)
    ok(refund(staff, order, 1), 201)
    assert [item["status"] for item in staff.read(order)["items"]] == ["CANCELLED", "CONFIRMED"]

    ok(refund(staff, order, 0, 1), 201)

    now = staff.read(order)
    assert (now["status"], now["payment_status"], now["cancel_reason"]) == ("CANCELLED", "REFUNDED", "staff")
    assert on_hand(order) == [(5, 0), (2, 0)]
    audit_is_clean()


def test_units_may_be_called_off_without_being_restocked(staff: Caller, order: dict[str, Any]) -> None:
    line = {"item": order["items"][0]["id"], "quantity": 2, "restock": False}

    ok(staff.post(f"/orders/{order['id']}/refunds", {"items": [line], "reason": "broken here"}), 201)

    assert on_hand(order)[0] == (2, 0)
    audit_is_clean()


def test_what_has_left_is_refunded_without_coming_back(staff: Caller, order: dict[str, Any]) -> None:
    order = sent(staff, order)

    ok(refund(staff, order, 3), 201)

    now = staff.read(order)
    assert (now["status"], now["payment_status"]) == ("SHIPPED", "PARTIALLY_REFUNDED")
    assert on_hand(order)[0] == (2, 0)
    audit_is_clean()


def test_the_last_unit_that_waits_is_called_off_and_the_rest_counts_as_shipped(
    staff: Caller, order: dict[str, Any]
) -> None:
    line = {"item": order["items"][0]["id"], "quantity": 3}
    shipment = ok(staff.post(f"/orders/{order['id']}/shipments", {"items": [line]}), 201)
    ok(staff.post(f"/shipments/{shipment['id']}/departure", {}))

    ok(refund(staff, order, 0, 1), 201)

    now = staff.read(order)
    assert (now["status"], [item["status"] for item in now["items"]]) == ("SHIPPED", ["SHIPPED", "CANCELLED"])
    audit_is_clean()


def test_a_shipment_that_holds_too_much_is_unpacked(staff: Caller, order: dict[str, Any]) -> None:
    shipment = ok(staff.post(f"/orders/{order['id']}/shipments", {}), 201)

    ok(refund(staff, order, 1), 201)

    assert ok(staff.get(f"/shipments/{shipment['id']}"))["status"] == "CANCELLED"
    ok(staff.patch(f"/orders/{order['id']}/status", {"status": "SHIPPED"}))
    assert [item["shipped_quantity"] for item in staff.read(order)["items"]] == [2, 1]
    audit_is_clean()


def test_a_free_amount_and_a_fee(staff: Caller, order: dict[str, Any]) -> None:
    (free,) = ok(refund(staff, order, amount="5.50"), 201)
    (less,) = ok(refund(staff, order, 1, restocking_fee="1.90"), 201)

    assert (free["amount"], free["cause"], free["items"]) == ("5.50", "amount", [])
    assert (less["amount"], less["restocking_fee"]) == ("10.00", "1.90")
    audit_is_clean()


def test_never_more_than_was_paid(staff: Caller, order: dict[str, Any]) -> None:
    ok(refund(staff, order, amount="45.00"), 201)

    with nothing_changes():
        problem = refused(refund(staff, order, amount="0.71"), 409, "refund_exceeds_paid")
        refused(refund(staff, order, 1), 409, "refund_exceeds_paid")
    assert (problem["refundable"], problem["currency"]) == ("0.70", "USD")


def test_never_more_units_than_were_bought(staff: Caller, order: dict[str, Any]) -> None:
    ok(refund(staff, order, 2), 201)

    with nothing_changes():
        problem = refused(refund(staff, order, 2), 409, "too_many_units")
    assert [(line["wanted"], line["left"]) for line in problem["lines"]] == [(2, 1)]


def test_an_unpaid_order_has_nothing_to_give_back(staff: Caller, order_for: Any) -> None:
    order = ok(staff.place(order_for((for_sale(), 1))), 201)

    with nothing_changes():
        refused(refund(staff, order, 1), 409, "not_paid")
        refused(cancel_paid(staff, order), 409, "not_paid")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/items"),
        ({"amount": "1.00", "shipping": True}, "/amount"),
        ({"amount": "-1"}, "/amount"),
        ({"items": [{"item": "9f3c0c53-7d39-4f0e-9b0c-2d1c9c0a7e11", "quantity": 1}]}, "/items/0/item"),
        ({"items": [{"item": "x", "quantity": 0}]}, "/items/0/item"),
        ({"reason": ""}, "/reason"),
        ({"surprise": 1}, "/surprise"),
    ],
)
def test_a_bad_body_names_its_fault(staff: Caller, order: dict[str, Any], body: Any, pointer: str) -> None:
    with nothing_changes():
        assert pointer in pointers(refused(refund(staff, order, **body), 400, "invalid"))


def test_the_same_key_refunds_once(staff: Caller, order: dict[str, Any]) -> None:
    first = ok(refund(staff, order, 1, key="once"), 201)

    with nothing_changes():
        assert ok(refund(staff, order, 1, key="once"), 201) == first
    assert ok(refund(staff, order, 1, key="twice"), 201) != first


def test_a_stale_version_is_refused(staff: Caller, order: dict[str, Any]) -> None:
    ok(refund(staff, order, 1, version=order["version"]), 201)

    with nothing_changes():
        refused(refund(staff, order, 1, version=order["version"]), 412, "stale_version")
        refused(cancel_paid(staff, order, version=order["version"]), 412, "stale_version")


def test_a_cancelled_paid_order_gives_everything_back(staff: Caller, order: dict[str, Any]) -> None:
    refused(staff.delete(f"/orders/{order['id']}"), 409, "already_paid")
    ok(refund(staff, order, 1), 201)
    refused(staff.delete(f"/orders/{order['id']}"), 409, "already_paid")

    gone = ok(cancel_paid(staff, order, note="changed their mind"))

    assert (gone["status"], gone["payment_status"], gone["cancel_reason"]) == ("CANCELLED", "REFUNDED", "customer")
    assert {item["status"] for item in gone["items"]} == {"CANCELLED"}
    assert on_hand(order) == [(5, 0), (2, 0)]
    refunds = ok(staff.get(f"/orders/{order['id']}/refunds"))["results"]
    assert [row["amount"] for row in refunds] == ["33.80", "11.90"]
    with nothing_changes():
        ok(cancel_paid(staff, order))
    audit_is_clean()


def test_a_second_payment_goes_back_with_the_first(staff: Caller, order: dict[str, Any]) -> None:
    ok(staff.pay(order, reference="once more"))

    gone = ok(cancel_paid(staff, order))

    assert (gone["payment_status"], {payment["status"] for payment in gone["payments"]}) == ("REFUNDED", {"REFUNDED"})
    refunds = ok(staff.get(f"/orders/{order['id']}/refunds"))["results"]
    assert sorted((row["cause"], row["amount"]) for row in refunds) == [
        ("cancellation", "45.70"),
        ("overpayment", "45.70"),
    ]
    audit_is_clean()


def test_what_an_edit_gave_back_is_not_given_twice(staff: Caller, order: dict[str, Any]) -> None:
    fewer = {"lines": [{"item": order["items"][0]["id"], "quantity": 2}], "reason": "one less"}
    ok(staff.patch(f"/orders/{order['id']}/items", fewer))
    ok(refund(staff, order, 1), 201)

    ok(cancel_paid(staff, order))

    refunds = ok(staff.get(f"/orders/{order['id']}/refunds"))["results"]
    assert [(row["cause"], row["amount"]) for row in refunds] == [
        ("cancellation", "21.90"),
        ("items", "11.90"),
        ("edit", "11.90"),
    ]
    assert staff.read(order)["payment_status"] == "REFUNDED"
    assert on_hand(order) == [(5, 0), (2, 0)]
    audit_is_clean()


def test_units_that_wait_for_goods_are_called_off_and_not_restocked(staff: Caller, order_for: Any) -> None:
    ahead = for_sale(on_hand=2)
    Variant.objects.filter(pk=ahead.pk).update(backorder_limit=5)
    order = paid(staff, order_for((ahead, 5)))

    (made,) = ok(refund(staff, order, 4), 201)
    assert made["items"][0]["restocked_quantity"] == 1
    assert on_hand(order) == [(1, 0)]
    assert waiting_units([order["items"][0]["id"]]) == {}
    audit_is_clean()

    ok(cancel_paid(staff, order))
    assert on_hand(order) == [(2, 0)]
    audit_is_clean()


def test_goods_that_have_left_are_not_cancelled(staff: Caller, order: dict[str, Any]) -> None:
    line = {"item": order["items"][0]["id"], "quantity": 1}
    shipment = ok(staff.post(f"/orders/{order['id']}/shipments", {"items": [line]}), 201)
    ok(staff.post(f"/shipments/{shipment['id']}/departure", {}))

    with nothing_changes():
        refused(cancel_paid(staff, order), 409, "already_shipped")


def test_an_order_that_cost_nothing_can_be_cancelled(staff: Caller, order_for: Any) -> None:
    order = paid(staff, order_for((for_sale(on_hand=3, price="0"), 2)))

    gone = ok(cancel_paid(staff, order))

    assert (gone["status"], gone["payment_status"]) == ("CANCELLED", "REFUNDED")
    assert on_hand(order) == [(3, 0)]
    audit_is_clean()


def test_staff_pay_a_refund_out_once(staff: Caller, order: dict[str, Any]) -> None:
    (made,) = ok(refund(staff, order, 1), 201)

    done = ok(staff.post(f"/refunds/{made['id']}/settlement", {"reference": "SEPA-7"}))

    assert (done["status"], done["reference"]) == ("DONE", "SEPA-7")
    assert done["done_at"]
    with nothing_changes():
        ok(staff.post(f"/refunds/{made['id']}/settlement", {"reference": "SEPA-8"}))
        refused(staff.post(f"/refunds/{made['id']}/retry", {}), 409, "invalid_transition")


def test_customers_see_their_own_refunds_and_make_none(
    staff: Caller, buyer: Caller, other_buyer: Caller, order: dict[str, Any]
) -> None:
    (made,) = ok(refund(staff, order, 1), 201)

    assert [row["id"] for row in ok(buyer.get("/refunds"))["results"]] == [made["id"]]
    assert [row["id"] for row in ok(buyer.get(f"/orders/{order['id']}/refunds"))["results"]] == [made["id"]]
    assert ok(other_buyer.get("/refunds"))["results"] == []
    refused(other_buyer.get(f"/refunds/{made['id']}"), 404, "not_found")
    refused(other_buyer.get(f"/orders/{order['id']}/refunds"), 404, "order_not_found")
    for answer in (refund(buyer, order, 1), cancel_paid(buyer, order)):
        refused(answer, 403, "permission_denied")
    refused(buyer.post(f"/refunds/{made['id']}/settlement", {}), 403, "permission_denied")


def test_a_key_needs_the_scope_for_money(staff: Caller, till: Caller, order: dict[str, Any]) -> None:
    refused(refund(till, order, 1), 403, "missing_scope")
    refused(cancel_paid(till, order), 403, "missing_scope")

    ok(refund(machine(staff.user, "payments:write"), order, 1), 201)


def test_a_fraction_of_the_smallest_coin_is_not_given_back(staff: Caller, order_for: Any) -> None:
    order = paid(staff, order_for((for_sale(price="1000", currency="JPY"), 2)))

    with nothing_changes():
        free = refused(refund(staff, order, amount="333.5"), 400, "invalid")
        fee = refused(refund(staff, order, 1, restocking_fee="0.5"), 400, "invalid")
        cancelled = refused(cancel_paid(staff, order, restocking_fee="0.5"), 400, "invalid")

    assert [*pointers(free), *pointers(fee), *pointers(cancelled)] == ["/amount", "/restocking_fee", "/restocking_fee"]
