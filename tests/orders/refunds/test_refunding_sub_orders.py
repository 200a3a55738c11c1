"""Refunds of an order over several sellers: each sub-order gives back its own share, the money is the whole order's."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group

from catalog.models.seller_member import SellerMember
from orders.models.refund import Refund
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import balances, for_sale, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, login, ok, refused
from tests.shop.http.order_actions import audit_is_clean, cancel_paid, paid, refund
from users.models.role import Role
from users.models.user import User

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def whole(staff: Caller, order_for: Any) -> dict[str, Any]:
    """2 x 10.00 of our own and 3 x 7.00 of North's."""
    mug = make_variant(price="7.00")
    north = make_seller("North", priority=200)
    stock_at(mug, 5, north)
    return paid(staff, order_for((for_sale(on_hand=5), 2), (mug, 3, north)))


def sub_order_of(staff: Caller, whole: dict[str, Any], total: str) -> dict[str, Any]:
    """The sub-order that costs so much."""
    (found,) = [
        sub_order
        for sub_order in ok(staff.get("/orders", parent=whole["id"]))["results"]
        if sub_order["total"] == total
    ]
    return staff.read(found)


def states(staff: Caller, *orders: dict[str, Any]) -> list[tuple[str, str]]:
    return [(now["status"], now["payment_status"]) for now in map(staff.read, orders)]


def test_a_sub_order_never_gives_back_more_than_its_share(staff: Caller, whole: dict[str, Any]) -> None:
    own, north = sub_order_of(staff, whole, "20.00"), sub_order_of(staff, whole, "21.00")

    with nothing_changes():
        refused(refund(staff, whole, amount="5.00"), 400, "invalid")
        refused(refund(staff, own, amount="20.01"), 409, "refund_exceeds_paid")
    ok(refund(staff, own, amount="20.00"), 201)

    assert states(staff, whole, own, north) == [
        ("CONFIRMED", "PARTIALLY_REFUNDED"),
        ("CONFIRMED", "REFUNDED"),
        ("CONFIRMED", "PAID"),
    ]
    refused(refund(staff, own, 1), 409, "refund_exceeds_paid")
    audit_is_clean()


def test_lines_of_several_sub_orders_are_refunded_at_once(staff: Caller, whole: dict[str, Any]) -> None:
    own, north = sub_order_of(staff, whole, "20.00"), sub_order_of(staff, whole, "21.00")
    lines = [{"item": sub_order["items"][0]["id"], "quantity": 1} for sub_order in (own, north)]

    made = ok(
        staff.post(f"/orders/{whole['id']}/refunds", {"items": lines, "reason": "both"}, idempotency_key="once"), 201
    )

    assert {(row["order"], row["amount"]) for row in made} == {(own["id"], "10.00"), (north["id"], "7.00")}
    again = ok(
        staff.post(f"/orders/{whole['id']}/refunds", {"items": lines, "reason": "both"}, idempotency_key="once"), 201
    )
    assert again == made
    assert len(ok(staff.get(f"/orders/{whole['id']}/refunds"))["results"]) == 2
    audit_is_clean()


def test_one_sub_order_is_cancelled_and_the_other_goes_on(staff: Caller, whole: dict[str, Any]) -> None:
    own, north = sub_order_of(staff, whole, "20.00"), sub_order_of(staff, whole, "21.00")

    ok(cancel_paid(staff, north, restocking_fee="1.00"))

    assert states(staff, whole, own, north) == [
        ("CONFIRMED", "PARTIALLY_REFUNDED"),
        ("CONFIRMED", "PAID"),
        ("CANCELLED", "PARTIALLY_REFUNDED"),
    ]
    assert balances(north["reservations"][0]["stock_level"]) == (5, 0)
    ok(cancel_paid(staff, own))
    assert states(staff, whole, own) == [("CANCELLED", "PARTIALLY_REFUNDED"), ("CANCELLED", "REFUNDED")]
    audit_is_clean()


def test_the_whole_is_cancelled_with_all_its_sub_orders(staff: Caller, whole: dict[str, Any]) -> None:
    own, north = sub_order_of(staff, whole, "20.00"), sub_order_of(staff, whole, "21.00")
    ok(refund(staff, own, 1), 201)

    ok(cancel_paid(staff, whole))

    assert states(staff, whole, own, north) == [("CANCELLED", "REFUNDED")] * 3
    assert sum(row.amount for row in Refund.objects.all()) == Decimal(41)
    assert [balances(sub_order["reservations"][0]["stock_level"]) for sub_order in (own, north)] == [(5, 0), (5, 0)]
    audit_is_clean()


def test_a_sub_order_that_is_ahead_carries_the_whole_on_when_the_other_is_cancelled(
    staff: Caller, whole: dict[str, Any]
) -> None:
    own, north = sub_order_of(staff, whole, "20.00"), sub_order_of(staff, whole, "21.00")
    for status in ("PROCESSING", "SHIPPED"):
        ok(staff.patch(f"/orders/{own['id']}/status", {"status": status}))
    assert states(staff, whole) == [("PROCESSING", "PAID")]

    ok(refund(staff, north, 3), 201)

    assert states(staff, whole, north) == [("SHIPPED", "PARTIALLY_REFUNDED"), ("CANCELLED", "REFUNDED")]
    audit_is_clean()


def test_a_sellers_own_people_give_back_for_their_sub_order_alone(staff: Caller, whole: dict[str, Any]) -> None:
    own, north = sub_order_of(staff, whole, "20.00"), sub_order_of(staff, whole, "21.00")
    ok(refund(staff, own, 1), 201)
    colleague = User.objects.create_user("north@example.com", is_staff=True)
    colleague.groups.add(Group.objects.get(name="finance"))
    Role.objects.filter(key="finance").update(only_own_sellers=True)
    SellerMember.objects.create(user=colleague, seller_id=north["items"][0]["seller"])
    caller = login(colleague)

    (made,) = ok(refund(caller, north, 1), 201)

    assert [row["id"] for row in ok(caller.get("/refunds"))["results"]] == [made["id"]]
    for other in (own, whole):
        refused(refund(caller, other, amount="1.00"), 404, "order_not_found")
        refused(cancel_paid(caller, other), 404, "order_not_found")
        refused(caller.get(f"/orders/{other['id']}/refunds"), 404, "order_not_found")
