"""DELETE /orders/{id}: an unpaid order is cancelled once, by staff or by its owner."""

from typing import Any
from uuid import uuid4

import pytest

from tests.shop.database.traces import nothing_changes
from tests.shop.goods import balances, for_sale, stock_at
from tests.shop.http.api_client import Caller, machine, ok, refused
from tests.shop.http.order_actions import expire, make_overdue


@pytest.fixture
def order(staff: Caller, order_for: Any) -> dict[str, Any]:
    return ok(staff.place(order_for((for_sale("TEA", on_hand=5), 2))), 201)


def cancel(caller: Caller, order: dict[str, Any], **headers: str) -> Any:
    return caller.delete(f"/orders/{order['id']}", **headers)


def test_cancelling_gives_the_stock_back(staff: Caller, order: dict[str, Any]) -> None:
    answer = cancel(staff, order)

    gone = ok(answer)
    assert (gone["status"], gone["payment_status"], gone["cancel_reason"]) == ("CANCELLED", "PENDING", "staff")
    assert gone["cancelled_at"] is not None
    assert [item["status"] for item in gone["items"]] == ["CANCELLED"]
    assert [hold["status"] for hold in gone["reservations"]] == ["cancelled"]
    event = gone["events"][-1]
    assert (event["kind"], event["from_status"], event["to_status"]) == ("cancelled", "PENDING", "CANCELLED")
    assert event["actor"] == str(staff.user.pk)
    assert answer["ETag"] == f'"{order["version"] + 1}"'
    assert balances(order["reservations"][0]["stock_level"]) == (5, 0)


def test_what_was_spread_over_locations_goes_back_to_each(staff: Caller, order_for: Any) -> None:
    variant = for_sale(on_hand=2)
    here, there = variant.stock_levels.get(), stock_at(variant, 2, location="Annex")
    order = ok(staff.place(order_for((variant, 3))), 201)
    assert (balances(here.pk), balances(there.pk)) == ((2, 2), (2, 1))

    ok(cancel(staff, order))

    assert (balances(here.pk), balances(there.pk)) == ((2, 0), (2, 0))


def test_the_stock_can_be_bought_again(staff: Caller, order_for: Any, order: dict[str, Any]) -> None:
    refused(staff.place(order_for(("TEA", 5))), 409, "insufficient_stock")

    ok(cancel(staff, order))

    ok(staff.place(order_for(("TEA", 5))), 201)


def test_cancelling_again_changes_nothing(staff: Caller, buyer: Caller, order: dict[str, Any]) -> None:
    gone = ok(cancel(staff, order))

    with nothing_changes():
        assert ok(cancel(staff, order)) == gone
        assert ok(cancel(buyer, order)) == gone


def test_cancelling_what_timed_out_changes_nothing(staff: Caller, order: dict[str, Any]) -> None:
    expire(order)

    with nothing_changes():
        assert ok(cancel(staff, order))["cancel_reason"] == "payment_timeout"


def test_an_overdue_order_that_nobody_swept_is_cancelled(staff: Caller, order: dict[str, Any]) -> None:
    make_overdue(order)

    assert ok(cancel(staff, order))["cancel_reason"] == "staff"


@pytest.mark.parametrize("steps", [[], ["PROCESSING"], ["PROCESSING", "SHIPPED"]])
def test_a_paid_order_cannot_be_cancelled(staff: Caller, order: dict[str, Any], steps: list[str]) -> None:
    ok(staff.pay(order))
    for status in steps:
        ok(staff.patch(f"/orders/{order['id']}/status", {"status": status}))

    with nothing_changes():
        refused(cancel(staff, order), 409, "already_paid")


def test_a_customer_cancels_its_own_order(buyer: Caller, order: dict[str, Any]) -> None:
    gone = ok(cancel(buyer, order))

    assert gone["cancel_reason"] == "customer"
    assert gone["events"][-1]["actor"] == str(buyer.user.pk)


def test_anothers_order_is_not_there(staff: Caller, other_buyer: Caller, order: dict[str, Any]) -> None:
    with nothing_changes():
        refused(cancel(other_buyer, order), 404, "order_not_found")
        refused(cancel(other_buyer, {"id": uuid4()}), 404, "order_not_found")
        refused(cancel(staff, {"id": uuid4()}), 404, "order_not_found")
        refused(cancel(staff, {"id": "nonsense"}), 404, "not_found")


def test_a_stale_version_is_refused(staff: Caller, order: dict[str, Any]) -> None:
    with nothing_changes():
        refused(cancel(staff, order, if_match='"7"'), 412, "stale_version")

    ok(cancel(staff, order, if_match='"1"'))


def test_signing_in_and_the_scope_are_needed(staff: Caller, till: Caller, order: dict[str, Any]) -> None:
    with nothing_changes():
        refused(cancel(Caller(), order), 401, "not_authenticated")
        refused(cancel(machine(staff.user, "orders:read"), order), 403, "missing_scope")

    ok(cancel(till, order))
