"""Shipments over HTTP: who packs, sends and reads them, and from which version."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from orders.api.shipments.representations import ShipmentSerializer
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import for_sale
from tests.shop.http.api_client import NOBODYS, Caller, login, ok, pointers, refused
from users.models.user import User


@pytest.fixture
def paid(staff: Caller, order_for: Any) -> dict[str, Any]:
    """A paid order of 3 and 2 units."""
    return ok(staff.pay(ok(staff.place(order_for((for_sale(), 3), (for_sale(), 2))), 201)))


def pack(caller: Caller, order: dict[str, Any], *units: int, if_match: str | None = None, **body: Any) -> Any:
    items = [
        {"item": item["id"], "quantity": count} for item, count in zip(order["items"], units, strict=False) if count
    ]
    headers = {} if if_match is None else {"if_match": if_match}
    return caller.post(f"/orders/{order['id']}/shipments", {**({"items": items} if items else {}), **body}, **headers)


def act(caller: Caller, shipment: dict[str, Any], what: str, *, if_match: str | None = None, **body: Any) -> Any:
    headers = {} if if_match is None else {"if_match": if_match}
    return caller.post(f"/shipments/{shipment['id']}/{what}", body, **headers)


def test_a_paid_order_is_packed_sent_and_delivered(staff: Caller, paid: dict[str, Any]) -> None:
    answer = pack(staff, paid, 2, 2, carrier="Nova Poshta", tracking_number="2045")
    first = ok(answer, 201)
    assert answer["Location"] == f"/api/v1/shipments/{first['id']}"
    assert answer["ETag"] == '"1"'
    assert set(first) == set(ShipmentSerializer().fields)
    assert [(line["quantity"], line["sku"]) for line in first["items"]] == [
        (2, paid["items"][0]["sku"]),
        (2, paid["items"][1]["sku"]),
    ]
    ok(act(staff, first, "departure", tracking_url="https://track.example/2045"))
    ok(act(staff, first, "delivery"))
    second = ok(pack(staff, paid), 201)
    ok(act(staff, second, "departure"))
    order = staff.read(paid)
    assert (order["status"], [item["status"] for item in order["items"]]) == ("SHIPPED", ["SHIPPED", "DELIVERED"])
    ok(act(staff, second, "delivery"))

    order = staff.read(paid)
    assert (order["status"], [item["shipped_quantity"] for item in order["items"]]) == ("DELIVERED", [3, 2])
    kinds = [event["kind"] for event in order["events"]]
    assert kinds[-3:] == ["status_changed", "shipped", "delivered"]
    assert order["events"][-1]["data"]["shipments"][0]["number"] == second["number"]
    sent = ok(staff.get(f"/shipments/{first['id']}"))
    assert (sent["carrier"], sent["tracking_url"], sent["status"]) == (
        "Nova Poshta",
        "https://track.example/2045",
        "DELIVERED",
    )
    listed = ok(staff.get("/shipments", order=paid["id"]))["results"]
    assert [row["id"] for row in listed] == [second["id"], first["id"]]


def test_more_than_is_left_is_refused(staff: Caller, paid: dict[str, Any]) -> None:
    ok(pack(staff, paid, 2), 201)

    with nothing_changes():
        problem = refused(pack(staff, paid, 2), 409, "units_not_there")

    assert [(row["requested"], row["available"]) for row in problem["items"]] == [(2, 1)]


def test_an_unpaid_order_is_not_packed(staff: Caller, order_for: Any) -> None:
    order = ok(staff.place(order_for((for_sale(), 1))), 201)

    with nothing_changes():
        refused(pack(staff, order), 409, "not_paid")


def test_what_was_sent_is_neither_sent_again_nor_unpacked(staff: Caller, paid: dict[str, Any]) -> None:
    shipment = ok(pack(staff, paid), 201)
    ok(act(staff, shipment, "departure"))

    with nothing_changes():
        again = refused(act(staff, shipment, "departure"), 409, "invalid_transition")
        refused(act(staff, shipment, "cancellation"), 409, "invalid_transition")

    assert (again["status_now"], again["allowed"]) == ("SHIPPED", ["DELIVERED"])


@pytest.mark.parametrize("what", ["departure", "delivery", "cancellation"])
def test_a_stale_version_of_a_shipment_is_refused(staff: Caller, paid: dict[str, Any], what: str) -> None:
    shipment = ok(pack(staff, paid), 201)
    if what == "delivery":
        ok(act(staff, shipment, "departure"))
        shipment["version"] += 1

    with nothing_changes():
        refused(act(staff, shipment, what, if_match=f'"{shipment["version"] + 1}"'), 412, "stale_version")
        refused(act(staff, shipment, what, version=0), 412, "stale_version")

    ok(act(staff, shipment, what, if_match=f'"{shipment["version"]}"'))


def test_a_stale_version_of_the_order_is_refused(staff: Caller, paid: dict[str, Any]) -> None:
    with nothing_changes():
        refused(pack(staff, paid, if_match='"1"'), 412, "stale_version")

    ok(pack(staff, paid, if_match=f'"{paid["version"]}"'), 201)


BAD: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no lines": ({"items": []}, ["/items"]),
    "no units": ({"items": [{"item": NOBODYS, "quantity": 0}]}, ["/items/0/quantity"]),
    "an unknown field": ({"weight": 3}, ["/weight"]),
    "no page": ({"tracking_url": "javascript:alert(1)"}, ["/tracking_url"]),
    "a long carrier": ({"carrier": "c" * 81}, ["/carrier"]),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_body_is_refused(staff: Caller, paid: dict[str, Any], name: str) -> None:
    body, where = BAD[name]

    with nothing_changes():
        problem = refused(staff.post(f"/orders/{paid['id']}/shipments", body), 400, "invalid")

    assert pointers(problem) == where


def test_others_lines_and_others_shipments_are_not_found(
    staff: Caller, other_buyer: Caller, buyer: Caller, paid: dict[str, Any]
) -> None:
    with nothing_changes():
        refused(pack(staff, paid, items=[{"item": NOBODYS, "quantity": 1}]), 404, "item_not_found")
        refused(act(staff, {"id": NOBODYS}, "departure"), 404, "not_found")
    shipment = ok(pack(staff, paid), 201)

    assert ok(buyer.get(f"/shipments/{shipment['id']}"))["number"] == shipment["number"]
    assert [row["id"] for row in ok(buyer.get("/shipments"))["results"]] == [shipment["id"]]
    refused(other_buyer.get(f"/shipments/{shipment['id']}"), 404, "not_found")
    assert ok(other_buyer.get("/shipments"))["results"] == []
    refused(act(buyer, shipment, "departure"), 403, "permission_denied")
    refused(pack(buyer, paid), 403, "permission_denied")


def test_a_sellers_people_reach_their_own_shipments_alone(staff: Caller, paid: dict[str, Any]) -> None:
    shipment = ok(pack(staff, paid, 1), 201)
    seller = Seller.objects.get(pk=paid["items"][0]["seller"])
    own, others = (login(_of_seller(name, one)) for name, one in (("own", seller), ("others", _another())))

    refused(others.get(f"/shipments/{shipment['id']}"), 404, "not_found")
    refused(pack(others, paid), 404, "order_not_found")
    ok(act(own, shipment, "departure"))
    assert ok(pack(own, paid), 201)["status"] == "READY"


def _another() -> Seller:
    return Seller.objects.create(name="Another", slug="another")


def _of_seller(name: str, seller: Seller) -> User:
    user = User.objects.create_user(f"{name}@sellers.example", is_staff=True)
    user.groups.add(Group.objects.get(name="seller"))
    SellerMember.objects.create(user=user, seller=seller)
    return user
