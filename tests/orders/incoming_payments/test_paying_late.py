"""PATCH /orders/{id}/payment for an order that timed out or was cancelled: stock again, or money to give back."""

from typing import Any

import pytest

from tests.shop.database.traces import nothing_changes
from tests.shop.goods import balances, for_sale, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, ok
from tests.shop.http.order_actions import expire, level_of


@pytest.fixture
def order(staff: Caller, order_for: Any) -> dict[str, Any]:
    """Two of five TEA at 10.00 plus 20 % tax, unpaid."""
    return ok(staff.place(order_for((for_sale("TEA", on_hand=5, tax_rate="0.2"), 2))), 201)


def test_an_order_that_timed_out_gives_its_stock_back(staff: Caller, order: dict[str, Any]) -> None:
    expire(order)

    gone = staff.read(order)
    assert (gone["status"], gone["payment_status"], gone["cancel_reason"]) == (
        "CANCELLED",
        "PENDING",
        "payment_timeout",
    )
    assert gone["cancelled_at"] is not None
    assert [hold["status"] for hold in gone["reservations"]] == ["expired"]
    assert (gone["events"][-1]["kind"], gone["events"][-1]["actor"]) == ("expired", None)
    assert level_of(order) == (5, 0)


def test_a_late_payment_takes_the_stock_again(staff: Caller, order: dict[str, Any]) -> None:
    expire(order)

    paid = ok(staff.pay(order, reference="late"))

    assert (paid["status"], paid["payment_status"]) == ("CONFIRMED", "PAID")
    assert (paid["cancelled_at"], paid["cancel_reason"], paid["payment_expires_at"]) == (None, "", None)
    assert sorted(hold["status"] for hold in paid["reservations"]) == ["converted", "expired"]
    assert [payment["status"] for payment in paid["payments"]] == ["PAID"]
    assert level_of(order) == (3, 0)


def test_a_late_payment_takes_all_of_the_stock_or_nothing(staff: Caller, order_for: Any) -> None:
    tea, mug = for_sale("TEA", on_hand=5), for_sale("MUG", on_hand=1)
    order = ok(staff.place(order_for((tea, 5), (mug, 1))), 201)
    expire(order)
    ok(staff.place(order_for((mug, 1))), 201)

    late = ok(staff.pay(order, reference="late"))

    assert (late["status"], late["payment_status"]) == ("CANCELLED", "REFUND_DUE")
    assert late["cancel_reason"] == "payment_timeout"
    assert [payment["status"] for payment in late["payments"]] == ["REFUND_DUE"]
    assert late["events"][-1]["kind"] == "payment_refund_due"
    assert balances(tea.stock_levels.get().pk) == (5, 0)
    with nothing_changes():
        assert ok(staff.pay(order, reference="late")) == late


def test_a_late_payment_is_filled_from_another_place_of_the_same_seller(staff: Caller, order_for: Any) -> None:
    variant = for_sale(on_hand=2)
    order = ok(staff.place(order_for((variant, 2))), 201)
    expire(order)
    ok(staff.place(order_for((variant, 1))), 201)
    annex = stock_at(variant, 1, location="Annex")

    paid = ok(staff.pay(order))

    assert paid["payment_status"] == "PAID"
    assert level_of(order) == (1, 1)
    assert balances(annex.pk) == (0, 0)


def test_a_late_payment_never_takes_another_sellers_stock(staff: Caller, order_for: Any) -> None:
    variant, north = make_variant(), make_seller("North", priority=1)
    mine = stock_at(variant, 1, north)
    order = ok(staff.place(order_for((variant, 1))), 201)
    expire(order)
    ok(staff.place(order_for((variant, 1))), 201)
    theirs = stock_at(variant, 5, make_seller("South", priority=2))

    assert ok(staff.pay(order))["payment_status"] == "REFUND_DUE"

    assert (balances(mine.pk), balances(theirs.pk)) == ((1, 1), (5, 0))


def test_money_for_an_order_cancelled_by_hand_is_to_be_given_back(staff: Caller, order: dict[str, Any]) -> None:
    ok(staff.delete(f"/orders/{order['id']}"))

    late = ok(staff.pay(order, reference="late"))

    assert (late["status"], late["payment_status"], late["cancel_reason"]) == (
        "CANCELLED",
        "REFUND_DUE",
        "staff",
    )
    assert level_of(order) == (5, 0)


def test_the_queue_of_money_to_give_back_is_a_filter(staff: Caller, order: dict[str, Any]) -> None:
    ok(staff.delete(f"/orders/{order['id']}"))
    ok(staff.pay(order))

    queue = ok(staff.get("/orders", payment_status="REFUND_DUE"))["results"]

    assert [row["id"] for row in queue] == [order["id"]]
