"""Returns over HTTP: asked for, decided, received and refunded."""

from typing import Any

import pytest

from inventory.models.level import StockLevel
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import for_sale, make_location, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, machine, ok, refused
from tests.shop.http.order_actions import ask_return, audit_is_clean, on_hand, paid, refund, sent

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def order(staff: Caller, order_for: Any) -> dict[str, Any]:
    """3 x 10.00, shipped."""
    return sent(staff, paid(staff, order_for((for_sale("TEA", on_hand=5), 3))))


def act(caller: Caller, made: dict[str, Any], deed: str, **facts: Any) -> Any:
    return caller.post(f"/returns/{made['id']}/{deed}", facts)


def test_a_customer_sends_goods_back_and_gets_the_money(staff: Caller, buyer: Caller, order: dict[str, Any]) -> None:
    made = ok(ask_return(buyer, order, 2), 201)
    assert (made["number"], made["status"]) == (f"{order['number']}-R1", "REQUESTED")

    ok(act(staff, made, "approval", answer="Send it to us."))
    line = {"item": order["items"][0]["id"], "received": 2, "restocked": 1}
    came = ok(act(staff, made, "receipt", items=[line]))
    assert (came["status"], came["items"][0]["received_quantity"]) == ("RECEIVED", 2)
    done = ok(act(staff, made, "refund", restocking_fee="2.50"))

    (given,) = ok(buyer.get(f"/orders/{order['id']}/refunds"))["results"]
    assert (done["status"], done["refunds"]) == ("REFUNDED", [given["id"]])
    assert (given["amount"], given["cause"], given["order_return"]) == ("17.50", "return", made["id"])
    now = staff.read(order)
    assert (now["status"], now["payment_status"]) == ("SHIPPED", "PARTIALLY_REFUNDED")
    assert (now["items"][0]["returned_quantity"], now["items"][0]["refunded_quantity"]) == (2, 2)
    assert on_hand(order) == [(3, 0)]
    assert [event["kind"] for event in now["events"][-5:]] == ["return", "return", "return", "refunded", "return"]
    audit_is_clean()


def test_what_came_goes_to_a_location_of_its_sellers(staff: Caller, buyer: Caller, order: dict[str, Any]) -> None:
    made = ok(ask_return(buyer, order, 2), 201)
    ok(act(staff, made, "approval"))
    north = stock_at(make_variant(), 1, make_seller("North", priority=200)).location_id

    with nothing_changes():
        refused(act(staff, made, "receipt", location=str(north)), 400, "invalid")
    ok(act(staff, made, "receipt", location=str(make_location("Counter").pk)))

    assert on_hand(order) == [(2, 0)]
    assert sum(StockLevel.objects.filter(location__name="Counter").values_list("on_hand", flat=True)) == 2
    audit_is_clean()


def test_no_more_is_returned_than_was_shipped(staff: Caller, buyer: Caller, order: dict[str, Any]) -> None:
    first = ok(ask_return(buyer, order, 2), 201)

    with nothing_changes():
        problem = refused(ask_return(buyer, order, 2), 409, "too_many_units")
    assert [(line["wanted"], line["left"]) for line in problem["lines"]] == [(2, 1)]
    ok(act(buyer, first, "withdrawal"))
    ok(ask_return(buyer, order, 3), 201)


def test_what_has_not_left_cannot_be_returned(staff: Caller, order_for: Any) -> None:
    order = paid(staff, order_for((for_sale(), 1)))

    with nothing_changes():
        refused(ask_return(staff, order, 1), 409, "too_many_units")


def test_a_rejected_return_goes_nowhere(staff: Caller, buyer: Caller, order: dict[str, Any]) -> None:
    made = ok(ask_return(buyer, order, 1), 201)

    ok(act(staff, made, "rejection", answer="Worn."))

    with nothing_changes():
        for deed in ("approval", "receipt", "refund", "withdrawal"):
            refused(act(staff, made, deed), 409, "invalid_transition")
    ok(ask_return(buyer, order, 3), 201)


def test_units_that_were_refunded_already_are_not_refunded_again(
    staff: Caller, buyer: Caller, order: dict[str, Any]
) -> None:
    made = ok(ask_return(buyer, order, 3), 201)
    ok(act(staff, made, "approval"))
    ok(refund(staff, order, 2), 201)
    ok(act(staff, made, "receipt"))

    ok(act(staff, made, "refund"))

    amounts = [row["amount"] for row in ok(buyer.get("/refunds"))["results"]]
    assert amounts == ["10.00", "20.00"]
    assert staff.read(order)["payment_status"] == "REFUNDED"
    assert on_hand(order) == [(5, 0)]
    audit_is_clean()


def test_a_return_of_what_was_refunded_entirely_brings_no_money(
    staff: Caller, buyer: Caller, order: dict[str, Any]
) -> None:
    made = ok(ask_return(buyer, order, 1), 201)
    ok(act(staff, made, "approval"))
    ok(refund(staff, order, amount="30.00"), 201)
    ok(act(staff, made, "receipt"))

    done = ok(act(staff, made, "refund"))

    assert (done["status"], done["refunds"]) == ("REFUNDED", [])
    audit_is_clean()


def test_something_must_have_come_and_no_more_than_was_asked(
    staff: Caller, buyer: Caller, order: dict[str, Any]
) -> None:
    made = ok(ask_return(buyer, order, 2), 201)
    ok(act(staff, made, "approval"))
    line = {"item": order["items"][0]["id"], "received": 0}

    with nothing_changes():
        refused(act(staff, made, "receipt", items=[line]), 400, "invalid")
        refused(act(staff, made, "receipt", items=[{**line, "received": 3}]), 409, "too_many_units")
        refused(act(staff, made, "receipt", items=[{**line, "received": 1, "restocked": 2}]), 400, "invalid")
        refused(act(staff, made, "receipt", items=[{**line, "received": 1}] * 2), 400, "invalid")


def test_the_same_key_asks_once_and_a_stale_version_is_refused(
    staff: Caller, buyer: Caller, order: dict[str, Any]
) -> None:
    lines = {"items": [{"item": order["items"][0]["id"], "quantity": 1}], "reason": "too small"}
    first, again = (
        ok(buyer.post(f"/orders/{order['id']}/returns", lines, idempotency_key="once"), 201) for _ in range(2)
    )
    assert first == again

    ok(act(staff, first, "approval", version=1))
    with nothing_changes():
        refused(act(staff, first, "receipt", version=1), 412, "stale_version")


def test_another_customer_finds_nothing(buyer: Caller, other_buyer: Caller, order: dict[str, Any]) -> None:
    made = ok(ask_return(buyer, order, 1), 201)

    assert ok(other_buyer.get("/returns"))["results"] == []
    refused(other_buyer.get(f"/returns/{made['id']}"), 404, "not_found")
    refused(act(other_buyer, made, "withdrawal"), 404, "not_found")
    refused(ask_return(other_buyer, order, 1), 404, "order_not_found")
    for deed in ("approval", "rejection", "receipt", "refund"):
        refused(act(buyer, made, deed), 403, "permission_denied")


def test_keys_need_the_scope_of_goods_and_for_money_that_of_money(staff: Caller, order: dict[str, Any]) -> None:
    goods = machine(staff.user, "orders:read", "orders:write")
    made = ok(ask_return(goods, order, 1), 201)
    ok(act(goods, made, "approval"))
    ok(act(goods, made, "receipt"))

    refused(act(goods, made, "refund"), 403, "missing_scope")
    ok(act(machine(staff.user, "orders:read", "payments:write"), made, "refund"))
