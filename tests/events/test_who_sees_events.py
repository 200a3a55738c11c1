"""Whose events somebody sees, and which."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from catalog.models.seller_member import SellerMember
from events.services.sequence_events import sequence_events
from tests.shop.goods import for_sale, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, login, ok
from tests.shop.http.order_actions import audit_is_clean, cancel_paid, paid, refund
from users.models.customer import Customer
from users.models.user import User

pytestmark = pytest.mark.django_db


def in_role(role: str) -> Caller:
    user = User.objects.create_user(f"{role}@example.com", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return login(user)


def feed(caller: Caller, **asked: Any) -> list[dict[str, Any]]:
    sequence_events()
    answer = ok(caller.get("/events", limit=500, **asked))
    events: list[dict[str, Any]] = answer["events"]
    return events


@pytest.fixture
def split(staff: Caller, order_for: Any) -> dict[str, Any]:
    """2 x 10.00 of our own and 3 x 7.00 of North's, paid."""
    mug, north = make_variant(price="7.00"), make_seller("North", priority=200)
    stock_at(mug, 5, north)
    return paid(staff, order_for((for_sale(on_hand=5), 2), (mug, 3, north)))


def part_of(staff: Caller, whole: dict[str, Any], total: str) -> dict[str, Any]:
    (found,) = [part for part in ok(staff.get("/orders", parent=whole["id"]))["results"] if part["total"] == total]
    return staff.read(found)


def test_a_sellers_people_see_their_part_alone_and_no_money_of_the_whole(staff: Caller, split: dict[str, Any]) -> None:
    north = part_of(staff, split, "21.00")
    caller = in_role("seller")
    SellerMember.objects.create(user=caller.user, seller_id=north["items"][0]["seller"])
    ok(refund(staff, north, 1), 201)

    seen = feed(caller, types="order.*,refund.*,payment.*,stock.*")

    orders = [event for event in seen if event["aggregate"]["type"] == "order"]
    assert [event["type"] for event in orders] == ["order.placed", "order.paid"]
    assert {event["aggregate"]["id"] for event in orders} == {north["id"]}
    assert not {"amount", "payment", "too_much"} & {key for event in orders for key in event["data"]}
    levels = {event["data"]["location"] for event in seen if event["type"] == "stock.changed"}
    assert len(levels) == 1


def test_a_role_sees_events_of_what_it_may_view(staff: Caller, split: dict[str, Any]) -> None:
    ok(refund(staff, part_of(staff, split, "21.00"), 1), 201)
    ok(staff.post(f"/orders/{split['id']}/invoices", {}), 201)
    ok(staff.post("/leads", {"name": "Ann"}), 201)

    types = {event["type"] for event in feed(in_role("warehouse"))}

    assert {"order.placed", "order.paid", "stock.changed"} <= types
    assert not {name for name in types if name.startswith(("refund.", "invoice.", "lead."))}
    assert {"refund.created", "invoice.issued"} <= {event["type"] for event in feed(in_role("finance"))}


def test_a_refund_of_a_part_is_one_refund(staff: Caller, split: dict[str, Any]) -> None:
    north = part_of(staff, split, "21.00")
    ok(refund(staff, north, 1), 201)

    told = [event for event in feed(staff) if event["type"] in ("refund.created", "order.refunded")]

    assert [(event["type"], event["aggregate"]["id"]) for event in told] == [
        ("refund.created", north["id"]),
        ("order.refunded", split["id"]),
    ]


def test_shipping_by_status_tells_of_the_shipment_too(staff: Caller, order_for: Any) -> None:
    order = paid(staff, order_for((for_sale(on_hand=5), 2)))
    for status in ("PROCESSING", "SHIPPED", "DELIVERED"):
        ok(staff.patch(f"/orders/{order['id']}/status", {"status": status}))

    told = feed(staff, aggregate=order["id"])

    assert [event["type"] for event in told][2:] == [
        "order.status_changed",
        "shipment.sent",
        "order.status_changed",
        "shipment.delivered",
        "order.status_changed",
    ]
    assert told[3]["data"]["shipment"]["status"] == "SHIPPED"
    assert "tracking_number" not in str(told)
    assert [event["sequence"] for event in told] == list(range(1, len(told) + 1))


def _refund_one(staff: Caller, order: dict[str, Any]) -> None:
    ok(refund(staff, order, 1), 201)


def _cancel(staff: Caller, order: dict[str, Any]) -> None:
    ok(cancel_paid(staff, order))


@pytest.mark.parametrize("call_off", [_refund_one, _cancel])
def test_packed_units_that_are_called_off_tell_of_their_shipment_that_was_unpacked(
    staff: Caller, split: dict[str, Any], call_off: Any
) -> None:
    north = part_of(staff, split, "21.00")
    shipment = ok(staff.post(f"/orders/{north['id']}/shipments", {}), 201)

    call_off(staff, staff.read(north))

    told = feed(staff, aggregate=north["id"])
    (unpacked,) = [event for event in told if event["type"] == "shipment.cancelled"]
    assert unpacked["data"]["shipment"]["id"] == shipment["id"]
    assert unpacked["data"]["shipment"]["status"] == "CANCELLED"
    assert [event["type"] for event in told].count("order.status_changed") == 1, "packing moved it on, and nothing else"
    audit_is_clean()


def test_an_erasure_is_told_though_it_empties_the_history(staff: Caller) -> None:
    made = ok(staff.post("/customers", {"name": "Ann Bell", "email": "ann.bell@example.com"}), 201)
    feed(staff)
    ok(staff.patch(f"/customers/{made['id']}", {"phone": "+4930123456"}))

    assert staff.delete(f"/personal-data/{made['id']}").status_code == 204

    types = [event["type"] for event in feed(staff, aggregate=made["id"])]
    assert types[0] == "customer.created"
    assert types[-1] == "customer.erased"
    assert types.count("customer.erased") == 1
    assert Customer.everyone.get(pk=made["id"]).erased_at is not None
