"""/stock-levels, their adjustments and ledger, and /stock-locations."""

from typing import Any
from uuid import uuid4

import pytest

from inventory.models.level import StockLevel
from tests.shop.goods import SellerFactory, VariantFactory, stock_at
from tests.shop.http.api_client import NOBODYS, Caller, ok, pointers, refused
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

LEVEL_FIELDS = {
    "id",
    "variant",
    "seller",
    "location",
    "on_hand",
    "reserved",
    "available",
    "low_stock_threshold",
    "version",
}


@pytest.mark.parametrize("by", ["pk", "sku"])
def test_a_level_is_created_with_a_variant_by_id_or_sku_and_units(staff: Caller, by: str) -> None:
    variant = VariantFactory.create()

    response = staff.post("/stock-levels", {"variant": str(getattr(variant, by)), "on_hand": 40})

    body = ok(response, 201)
    assert body.keys() == LEVEL_FIELDS
    assert (body["variant"], body["on_hand"], body["reserved"], body["available"]) == (str(variant.pk), 40, 0, 40)
    assert response["ETag"] == f'"{body["version"]}"'
    assert ok(staff.get(response["Location"])) == body


def test_a_level_stands_at_the_sellers_first_location_or_the_one_named(staff: Caller) -> None:
    seller, variant = SellerFactory.create(), VariantFactory.create()
    location = ok(staff.post("/stock-locations", {"seller": str(seller.pk), "name": "Attic"}), 201)

    body = {"variant": variant.sku, "on_hand": 0}
    first = ok(staff.post("/stock-levels", {**body, "seller": str(seller.pk)}), 201)
    again = refused(staff.post("/stock-levels", {**body, "location": location["id"]}), 409, "level_exists")
    default = ok(staff.post("/stock-levels", body), 201)

    assert (first["seller"], first["location"]) == (str(seller.pk), location["id"])
    assert again["title"] == "The variant has a stock level there"
    assert default["seller"] != str(seller.pk)
    wrong = refused(
        staff.post("/stock-levels", {**body, "seller": default["seller"], "location": location["id"]}), 400, "invalid"
    )
    assert pointers(wrong) == ["/location"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("on_hand", -1),
        ("on_hand", 2_000_000_001),
        ("on_hand", 10**40),
        ("on_hand", 1.5),
        ("on_hand", "1"),
        ("on_hand", True),
        ("on_hand", None),
        ("variant", "nope"),
        ("variant", NOBODYS),
        ("seller", NOBODYS),
        ("location", NOBODYS),
        ("low_stock_threshold", -1),
        ("reserved", 5),
    ],
)
def test_a_level_that_cannot_be_is_refused_by_name(staff: Caller, field: str, value: Any) -> None:
    body = {"variant": VariantFactory.create().sku, "on_hand": 1, field: value}

    assert pointers(refused(staff.post("/stock-levels", body), 400, "invalid")) == [f"/{field}"]
    assert not StockLevel.objects.exists()


def test_an_adjustment_answers_with_its_ledger_row(staff: Caller) -> None:
    level = stock_at(VariantFactory.create(), 10)

    response = staff.post(f"/stock-levels/{level.pk}/adjustments", {"quantity": -3, "reason": "Broken"})

    row = ok(response, 201)
    assert (row["kind"], row["quantity"], row["on_hand_after"], row["reason"]) == ("adjust", -3, 7, "Broken")
    assert row["actor"] == str(staff.user.pk)
    ledger = ok(staff.get(f"/stock-levels/{level.pk}/movements"))["results"]
    assert ledger[0] == row
    assert [entry["level_version"] for entry in ledger] == [2, 1]
    assert sum(entry["quantity"] for entry in ledger) == ok(staff.get(f"/stock-levels/{level.pk}"))["on_hand"]


@pytest.mark.parametrize(
    ("quantity", "reason", "pointer"),
    [
        (0, "x", "/quantity"),
        (-11, "x", "/quantity"),
        (2_000_000_000, "x", "/quantity"),
        (10**40, "x", "/quantity"),
        (1.5, "x", "/quantity"),
        ("1", "x", "/quantity"),
        (1, "", "/reason"),
        (1, "   ", "/reason"),
        (1, "x" * 201, "/reason"),
    ],
)
def test_an_adjustment_that_cannot_be_changes_nothing(staff: Caller, quantity: Any, reason: str, pointer: str) -> None:
    level = stock_at(VariantFactory.create(), 10)

    response = staff.post(f"/stock-levels/{level.pk}/adjustments", {"quantity": quantity, "reason": reason})

    assert pointers(refused(response, 400, "invalid")) == [pointer]
    level.refresh_from_db()
    assert (level.on_hand, level.version) == (10, 1)


def test_an_adjustment_below_what_orders_hold_is_refused(staff: Caller) -> None:
    level = stock_at(VariantFactory.create(), 10)
    order_of(make_buyer(), (level, 8))

    problem = refused(
        staff.post(f"/stock-levels/{level.pk}/adjustments", {"quantity": -3, "reason": "x"}), 409, "below_reserved"
    )

    assert (problem["on_hand"], problem["reserved"]) == (10, 8)


def test_changes_may_name_the_version_they_were_made_for(staff: Caller) -> None:
    level = stock_at(VariantFactory.create(), 10)
    path, adjustment = f"/stock-levels/{level.pk}", {"quantity": 1, "reason": "Found"}

    stale = refused(staff.post(f"{path}/adjustments", adjustment, if_match='"9"'), 412, "stale_version")
    fresh = staff.post(f"{path}/adjustments", adjustment, if_match='"1"')

    assert stale["version"] == 1
    assert (fresh.status_code, fresh["ETag"]) == (201, '"2"')
    refused(staff.patch(path, {"low_stock_threshold": 3}, if_match='"1"'), 412, "stale_version")
    assert ok(staff.patch(path, {"low_stock_threshold": 3}, if_match='"2"'))["low_stock_threshold"] == 3
    assert ok(staff.patch(path, {"low_stock_threshold": None}))["low_stock_threshold"] is None
    assert pointers(refused(staff.patch(path, {}, if_match="abc"), 400, "invalid")) == ["/If-Match"]
    assert pointers(refused(staff.patch(path, {"on_hand": 5}), 400, "invalid")) == ["/on_hand"]


def test_locations_belong_to_one_seller_and_have_names_of_their_own(staff: Caller) -> None:
    seller = SellerFactory.create()
    first = ok(staff.post("/stock-locations", {"seller": str(seller.pk), "name": "Attic"}), 201)
    second = ok(staff.post("/stock-locations", {"seller": str(seller.pk), "name": "Cellar"}), 201)
    taken = {"name": "Attic"}

    assert pointers(refused(staff.patch(f"/stock-locations/{second['id']}", taken), 409, "already_exists")) == ["/name"]
    body = {"seller": str(seller.pk), **taken}
    assert pointers(refused(staff.post("/stock-locations", body), 409, "already_exists")) == ["/name"]
    assert pointers(refused(staff.post("/stock-locations", {**body, "seller": str(uuid4())}), 400, "invalid")) == [
        "/seller"
    ]
    assert ok(staff.patch(f"/stock-locations/{first['id']}", {"is_active": False}))["is_active"] is False
    refused(staff.delete(f"/stock-locations/{first['id']}"), 405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/stock-levels", "/stock-locations"])
def test_stock_is_for_staff(path: str, visitor: Caller, buyer: Caller) -> None:
    refused(visitor.get(path), 401, "not_authenticated")
    refused(buyer.get(path), 403, "permission_denied")
    refused(buyer.post(path, {}), 403, "permission_denied")
