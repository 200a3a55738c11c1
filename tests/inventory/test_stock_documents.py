"""/stock-documents: deliveries, transfers and counts, applied once and against what the books say then."""

from typing import Any

import pytest

from inventory.models.document import StockDocument
from inventory.models.level import StockLevel
from inventory.models.movement import StockMovement
from tests.shop.goods import SellerFactory, VariantFactory, add_level, make_level, make_location
from tests.shop.http.api_client import NOBODYS, Caller, ok, pointers, refused
from tests.shop.orders import order_of
from tests.shop.people import make_buyer


def post(staff: Caller, kind: str, location: object, *lines: tuple[str, int | None], **more: Any) -> dict[str, Any]:
    body = {"kind": kind, "location": str(location), "lines": [{"variant": v, "quantity": q} for v, q in lines]}
    return ok(staff.post("/stock-documents", {**body, **more}), 201)


def levels() -> dict[tuple[str, str], tuple[int, int]]:
    rows = StockLevel.objects.select_related("variant", "location")
    return {(row.variant.sku, row.location.name): (row.on_hand, row.reserved) for row in rows}


def test_a_delivery_is_applied_once_and_makes_missing_levels(staff: Caller) -> None:
    level, new = make_level(on_hand=2), VariantFactory.create()
    document = post(
        staff, "receipt", level.location_id, (level.variant.sku, 3), (str(new.pk), 4), (new.sku, 1), reference="DN-1"
    )

    applied = ok(staff.post(f"/stock-documents/{document['id']}/application", {}))
    again = ok(staff.post(f"/stock-documents/{document['id']}/application", {}))

    assert applied == again
    assert (applied["status"], applied["version"], len(applied["lines"])) == ("applied", 2, 2)
    here = level.location.name
    assert levels() == {(level.variant.sku, here): (5, 0), (new.sku, here): (5, 0)}
    rows = StockMovement.objects.filter(pk__in=[line["movement"] for line in applied["lines"]])
    assert {(row.kind, row.quantity, row.reason) for row in rows} == {("receive", 3, "DN-1"), ("receive", 5, "DN-1")}
    assert refused(staff.post(f"/stock-documents/{document['id']}/cancellation", {}), 409, "document_closed")


def test_goods_are_carried_within_one_sellers_locations_and_no_more_than_are_free(staff: Caller) -> None:
    level, attic = make_level(on_hand=5), make_location("Attic")
    order_of(make_buyer(), (level, 3))
    other = SellerFactory.create()
    foreign = ok(staff.post("/stock-locations", {"seller": str(other.pk), "name": "Theirs"}), 201)["id"]
    one = [{"variant": level.variant.sku, "quantity": 1}]
    body = {"kind": "transfer", "location": str(level.location_id), "lines": one}

    assert pointers(refused(staff.post("/stock-documents", body), 400, "invalid")) == ["/target"]
    assert pointers(refused(staff.post("/stock-documents", {**body, "target": foreign}), 400, "invalid")) == ["/target"]
    much = post(staff, "transfer", level.location_id, (level.variant.sku, 3), target=str(attic.pk))
    short = refused(staff.post(f"/stock-documents/{much['id']}/application", {}), 409, "document_refused")
    assert [(line["sku"], line["code"]) for line in short["lines"]] == [(level.variant.sku, "insufficient_stock")]

    right = post(staff, "transfer", level.location_id, (level.variant.sku, 2), target=str(attic.pk))
    applied = ok(staff.post(f"/stock-documents/{right['id']}/application", {}))

    assert levels() == {(level.variant.sku, level.location.name): (3, 3), (level.variant.sku, "Attic"): (2, 0)}
    assert all(line["movement"] and line["arrival"] for line in applied["lines"])


def test_a_count_is_compared_with_the_books_of_the_moment_and_names_every_line_below_reserved(staff: Caller) -> None:
    level, second, uncounted = make_level(on_hand=5), make_level(on_hand=4), make_level(on_hand=9)
    sheet = ok(staff.post("/stock-documents", {"kind": "stocktake", "location": str(level.location_id)}), 201)
    assert [line["quantity"] for line in sheet["lines"]] == [None, None, None]
    lines = [(level.variant.sku, 1), (second.variant.sku, 6), (uncounted.variant.sku, None)]
    counted = post(staff, "stocktake", level.location_id, *lines)
    order_of(make_buyer(), (level, 2))

    wrong = refused(staff.post(f"/stock-documents/{counted['id']}/application", {}), 409, "document_refused")
    assert [(line["sku"], line["code"]) for line in wrong["lines"]] == [(level.variant.sku, "below_reserved")]
    assert "2 units" in wrong["detail"]
    right = post(staff, "stocktake", level.location_id, (level.variant.sku, 3), (second.variant.sku, 4))
    applied = ok(staff.post(f"/stock-documents/{right['id']}/application", {}))

    found = {line["sku"]: (line["expected"], line["movement"] is None) for line in applied["lines"]}
    assert found == {level.variant.sku: (5, False), second.variant.sku: (4, True)}
    assert StockLevel.objects.get(pk=level.pk).on_hand == 3


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("kind", "gift", "/kind"),
        ("location", NOBODYS, "/location"),
        ("lines", [{"variant": "nope", "quantity": 1}], "/lines/0/variant"),
        ("lines", [{"variant": "nope", "quantity": -1}], "/lines/0/quantity"),
        ("lines", [{"variant": "nope", "units": 1}], "/lines/0/units"),
        ("reference", "x" * 121, "/reference"),
        ("status", "applied", "/status"),
    ],
)
def test_a_document_that_cannot_be_is_refused_by_name(staff: Caller, field: str, value: Any, pointer: str) -> None:
    location = make_location("Attic")
    body = {"kind": "receipt", "location": str(location.pk), "lines": [], field: value}

    assert pointer in pointers(refused(staff.post("/stock-documents", body), 400, "invalid"))
    assert not StockDocument.objects.exists()


def test_a_stale_version_is_refused_and_an_empty_document_is_not_applied(staff: Caller) -> None:
    document = post(staff, "receipt", make_location("Attic").pk)
    url = f"/stock-documents/{document['id']}"

    refused(staff.post(f"{url}/application", {}, if_match='"7"'), 412, "stale_version")
    refused(staff.post(f"{url}/application", {}), 409, "nothing_to_apply")
    assert ok(staff.post(f"{url}/cancellation", {}))["status"] == "cancelled"
    assert ok(staff.post(f"{url}/cancellation", {}))["version"] == 2
    refused(staff.post(f"{url}/application", {}), 409, "document_closed")
    assert [row["id"] for row in ok(staff.get("/stock-documents?status=cancelled"))["results"]] == [document["id"]]


def test_units_beyond_what_a_level_can_hold_are_refused_by_line(staff: Caller) -> None:
    level = make_level(on_hand=5)
    add_level(level.variant, make_location("Attic"), on_hand=1)
    document = post(staff, "receipt", level.location_id, (level.variant.sku, 2_000_000_000))

    full = refused(staff.post(f"/stock-documents/{document['id']}/application", {}), 409, "document_refused")

    assert [line["code"] for line in full["lines"]] == ["out_of_range"]
