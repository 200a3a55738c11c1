"""Staff change the lines of an order that is not shipped yet."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from catalog.models.variant import Variant
from orders.models.order_edit import OrderEdit
from orders.models.reservation import Reservation
from orders.services.payments.confirm_payment import record_payment
from shared.actor import SYSTEM
from tests.shop.goods import balances, for_sale, make_seller, make_variant, stock_at
from tests.shop.http.api_client import NOBODYS, Caller, ok, refused
from tests.shop.http.order_actions import audit_is_clean, refund
from tests.shop.price_rules import coupon, price_list, region


@pytest.fixture
def cup(db: None) -> Variant:
    return for_sale("CUP", on_hand=10, price="10.00", tax_rate="0.2")


@pytest.fixture
def pot(db: None) -> Variant:
    return for_sale("POT", on_hand=10, price="5.00")


@pytest.fixture
def order(staff: Caller, order_for: Any, cup: Variant) -> dict[str, Any]:
    """Four cups at 12.00 with their tax."""
    return ok(staff.place(order_for((cup, 4))), 201)


def lines_of(order: dict[str, Any], *units: int | None) -> list[dict[str, Any]]:
    """So many units for each line, in order; None leaves it."""
    pairs = zip(order["items"], units, strict=False)
    return [{"item": item["id"], "quantity": count} for item, count in pairs if count is not None]


def more(variant: Variant, quantity: int = 1, **of: Any) -> dict[str, Any]:
    return {"variant": variant.sku, "quantity": quantity, **of}


def edit(caller: Caller, order: dict[str, Any], *lines: dict[str, Any], **facts: Any) -> Any:
    return caller.patch(f"/orders/{order['id']}/items", {"lines": list(lines), "reason": "told by phone", **facts})


def preview(caller: Caller, order: dict[str, Any], *lines: dict[str, Any], **facts: Any) -> Any:
    return caller.post(f"/orders/{order['id']}/items/preview", {"lines": list(lines), **facts})


def stock_of(variant: Variant) -> tuple[int, int]:
    """(on hand, reserved)."""
    return balances(variant.stock_levels.get().pk)


def held(order: dict[str, Any], status: str) -> int:
    rows = Reservation.objects.filter(item__order_id=order["id"], status=status)
    return sum(rows.values_list("quantity", flat=True))


def test_an_unpaid_order_holds_and_costs_what_it_has_now(
    staff: Caller, order: dict[str, Any], cup: Variant, pot: Variant
) -> None:
    fewer = ok(edit(staff, order, *lines_of(order, 1)))
    assert (fewer["total"], fewer["amount_due"], stock_of(cup)) == ("12.00", "12.00", (10, 1))

    Variant.objects.filter(pk=cup.pk).update(price=Decimal(99))
    again = ok(edit(staff, order, *lines_of(order, 6), more(pot, 2)))

    assert [(item["sku"], item["quantity"], item["unit_price"]) for item in again["items"]] == [
        ("CUP", 6, "10.00"),
        ("POT", 2, "5.00"),
    ]
    assert (again["subtotal"], again["tax_total"], again["total"]) == ("70.00", "12.00", "82.00")
    assert (stock_of(cup), stock_of(pot)) == ((10, 6), (10, 2))
    assert {hold["expires_at"] for hold in again["reservations"] if hold["status"] == "active"} == {
        order["payment_expires_at"]
    }
    assert again["payment_expires_at"] == order["payment_expires_at"]
    audit_is_clean()
    assert ok(staff.pay(order, amount="82.00"))["status"] == "CONFIRMED"
    assert (stock_of(cup), stock_of(pot)) == ((4, 0), (8, 0))
    audit_is_clean()


def test_a_dropped_line_stays_on_record(staff: Caller, order_for: Any, cup: Variant, pot: Variant) -> None:
    order = ok(staff.place(order_for((cup, 1), (pot, 3))), 201)

    changed = ok(edit(staff, order, *lines_of(order, 0)))

    assert [(item["quantity"], item["status"], item["total_price"]) for item in changed["items"]] == [
        (0, "CANCELLED", "0.00"),
        (3, "PENDING", "15.00"),
    ]
    assert (changed["total"], stock_of(cup)) == ("15.00", (10, 0))
    refused(edit(staff, order, *lines_of(order, 2)), 400, "invalid")
    paid = ok(staff.pay(order))
    assert [item["status"] for item in paid["items"]] == ["CANCELLED", "CONFIRMED"]
    audit_is_clean()


def test_a_paid_order_that_gets_dearer_waits_for_the_difference(
    staff: Caller, order: dict[str, Any], cup: Variant
) -> None:
    ok(staff.pay(order, reference="first"))

    changed = ok(edit(staff, order, *lines_of(order, 7)))

    assert (changed["total"], changed["amount_due"], changed["payment_status"]) == ("84.00", "36.00", "PAID")
    assert stock_of(cup) == (3, 0)
    audit_is_clean()
    assert ok(staff.pay(order, amount="48.00", reference="first"))["amount_due"] == "36.00", "the first one, told again"
    assert (
        refused(staff.pay(order, amount="84.00", reference="second"), 409, "amount_mismatch")["amount_due"] == "36.00"
    )
    settled = ok(staff.pay(order, amount="36.00", reference="second"))
    assert (settled["amount_due"], [paid["amount"] for paid in settled["payments"]]) == ("0.00", ["48.00", "36.00"])
    assert ok(staff.pay(order, amount="36.00", reference="second")) == settled
    audit_is_clean()


def test_a_paid_order_that_gets_cheaper_gives_the_difference_back(
    staff: Caller, order: dict[str, Any], cup: Variant
) -> None:
    ok(staff.pay(order))

    changed = ok(edit(staff, order, *lines_of(order, 1)))

    assert (changed["total"], changed["amount_due"], changed["payment_status"]) == (
        "12.00",
        "0.00",
        "PARTIALLY_REFUNDED",
    )
    [back] = ok(staff.get(f"/orders/{order['id']}/refunds"))["results"]
    assert (back["amount"], back["cause"], back["items"]) == ("36.00", "edit", [])
    assert (stock_of(cup), held(order, "converted")) == ((9, 0), 1)
    audit_is_clean()

    dearer = ok(edit(staff, order, *lines_of(order, 2)))
    assert (dearer["total"], dearer["amount_due"]) == ("24.00", "12.00")
    assert ok(staff.pay(order, reference="rest"))["amount_due"] == "0.00"
    audit_is_clean()
    assert ok(refund(staff, staff.read(order), 2), 201)
    audit_is_clean()


def test_the_preview_tells_what_the_change_then_does(
    staff: Caller, order: dict[str, Any], cup: Variant, pot: Variant
) -> None:
    ok(staff.pay(order))
    lines = [*lines_of(order, 1), more(pot, 3)]

    told = ok(preview(staff, order, *lines))

    assert (told["total_before"], told["total"], told["difference"]) == ("48.00", "27.00", "-21.00")
    assert (told["amount_due"], told["refundable"], told["shortages"]) == ("0.00", "21.00", [])
    assert [(line["sku"], line["quantity_before"], line["quantity"]) for line in told["lines"]] == [
        ("CUP", 4, 1),
        ("POT", 0, 3),
    ]
    assert (staff.read(order)["total"], stock_of(cup)) == ("48.00", (6, 0)), "nothing is written"
    changed = ok(edit(staff, order, *lines))
    assert changed["total"] == told["total"]
    [short] = ok(preview(staff, order, more(pot, 8)))["shortages"]
    assert (short["sku"], short["requested"], short["available"]) == ("POT", 8, 7)


def test_every_change_is_one_audited_row_and_one_event(staff: Caller, order: dict[str, Any], pot: Variant) -> None:
    changed = ok(edit(staff, order, *lines_of(order, 5), more(pot), version=1))

    assert changed["version"] == 2
    event = changed["events"][-1]
    assert (event["kind"], event["reason"], event["data"]["difference"]) == ("edited", "told by phone", "17.00")
    assert [(line["sku"], line["from"], line["to"]) for line in event["data"]["lines"]] == [
        ("CUP", 4, 5),
        ("POT", 0, 1),
    ]
    row = OrderEdit.objects.get()
    assert (row.difference, row.order_version) == (17, 2)
    assert (row.before["total"], row.after["total"]) == ("48.00", "65.00")
    same = ok(edit(staff, order, *lines_of(order, 5)))
    assert same["version"] == 2, "what changes nothing writes nothing"
    refused(edit(staff, order, *lines_of(order, 6), version=1), 412, "stale_version")
    refused(
        staff.patch(f"/orders/{order['id']}/items", {"lines": lines_of(order, 6), "reason": "x"}, if_match='"1"'),
        412,
        "stale_version",
    )


def test_what_was_shipped_packed_or_refunded_stays(staff: Caller, order: dict[str, Any], cup: Variant) -> None:
    ok(staff.pay(order))
    ok(refund(staff, order, 1), 201)
    short = refused(edit(staff, order, *lines_of(order, 0)), 409, "below_shipped")["lines"]
    assert [(line["sku"], line["wanted"], line["least"]) for line in short] == [("CUP", 0, 1)]
    [item] = order["items"]
    shipped = staff.post(f"/orders/{order['id']}/shipments", {"items": [{"item": item["id"], "quantity": 2}]})
    ok(staff.post(f"/shipments/{ok(shipped, 201)['id']}/departure", {}))

    assert refused(edit(staff, order, *lines_of(order, 2)), 409, "below_shipped")["lines"][0]["least"] == 3
    changed = ok(edit(staff, order, *lines_of(order, 3)))

    assert (changed["status"], changed["items"][0]["status"]) == ("SHIPPED", "SHIPPED"), (
        "only what was dropped was missing"
    )
    audit_is_clean()
    refused(edit(staff, order, *lines_of(order, 5)), 409, "not_editable")


def test_short_of_stock_nothing_changes(staff: Caller, order: dict[str, Any], cup: Variant, pot: Variant) -> None:
    short = refused(edit(staff, order, *lines_of(order, 11), more(pot)), 409, "insufficient_stock")["shortages"]

    assert [(line["sku"], line["requested"], line["available"]) for line in short] == [("CUP", 7, 6)]
    assert staff.read(order) == order
    assert (stock_of(cup), stock_of(pot)) == ((10, 4), (10, 0))


def test_what_cannot_be_changed_is_said(staff: Caller, order: dict[str, Any], cup: Variant, pot: Variant) -> None:
    refused(edit(staff, order, *lines_of(order, 0)), 409, "nothing_left")
    refused(edit(staff, order, {"item": NOBODYS, "quantity": 1}), 400, "invalid")
    refused(edit(staff, order, {"variant": "NONE", "quantity": 1}), 404, "variant_not_found")
    for line in ({"quantity": 1}, {"item": order["items"][0]["id"], "variant": "CUP", "quantity": 1}, more(pot, 0)):
        refused(edit(staff, order, line), 400, "invalid")
    refused(edit(staff, order, *lines_of(order, 1), *lines_of(order, 2)), 400, "invalid")
    other = make_seller("North", priority=5)
    stock_at(pot, 5, other)
    refused(edit(staff, order, more(pot, seller=str(other.pk))), 409, "other_seller")
    Variant.objects.filter(pk=pot.pk).update(is_active=False)
    refused(edit(staff, order, more(pot)), 409, "variant_unavailable")
    ok(staff.delete(f"/orders/{order['id']}"))
    refused(edit(staff, order, *lines_of(order, 1)), 409, "not_editable")


def test_a_part_changes_and_the_whole_with_it(staff: Caller, order_for: Any, cup: Variant) -> None:
    lid = make_variant("LID", price="3.00")
    stock_at(lid, 9, make_seller("North", priority=5))
    order = ok(staff.place(order_for((cup, 1), (lid, 2))), 201)
    assert len(refused(edit(staff, order, *lines_of(order, None, 5)), 409, "order_is_split")["sub_orders"]) == 2
    [_, part] = (staff.read(part) for part in order["sub_orders"])
    ok(edit(staff, part, *lines_of(part, 5)))

    whole = staff.read(order)

    assert (whole["total"], whole["amount_due"]) == ("27.00", "27.00")
    assert whole["version"] > order["version"]
    assert [own["total"] for own in whole["sub_orders"]] == ["12.00", "15.00"]
    assert whole["events"][-1]["kind"] == "edited"
    audit_is_clean()
    ok(staff.pay(order))
    ok(edit(staff, part, *lines_of(part, 1)))
    whole = staff.read(order)
    assert (whole["total"], whole["amount_due"], whole["payment_status"]) == ("15.00", "0.00", "PARTIALLY_REFUNDED")
    assert [back["amount"] for back in ok(staff.get(f"/orders/{order['id']}/refunds"))["results"]] == ["12.00"]
    audit_is_clean()


def test_money_that_waits_is_more_than_the_order_may_cost(staff: Caller, order: dict[str, Any]) -> None:
    record_payment(order_id=UUID(order["id"]), actor=SYSTEM, amount=Decimal(20), currency="USD", reference="part")

    refused(edit(staff, order, *lines_of(order, 1)), 409, "paid_more")
    assert ok(edit(staff, order, *lines_of(order, 2)))["amount_due"] == "4.00"
    audit_is_clean()


def test_only_staff_change_orders(buyer: Caller, order: dict[str, Any]) -> None:
    assert edit(buyer, order, *lines_of(order, 1)).status_code == 403
    assert preview(buyer, order, *lines_of(order, 1)).status_code == 403


def test_the_discount_and_the_reasons_of_amounts_follow_the_lines(
    staff: Caller, order_for: Any, cup: Variant, pot: Variant
) -> None:
    region("DE", "0.19", included=True)
    coupon("TEN", "10")
    price_list("Summer", (pot, 1, "4.00"))
    order = ok(staff.place(order_for((cup, 4), coupon="TEN", ship_to_country="DE")), 201)
    assert (order["discount_total"], order["total"]) == ("4.00", "36.00")

    changed = ok(edit(staff, order, *lines_of(order, 3), more(pot, 2)))

    assert [item["discount_amount"] for item in changed["items"]] == ["3.00", "0.00"]
    assert (changed["discount_total"], changed["total"]) == ("3.00", "35.00")
    sums: dict[str, Decimal] = {}
    for reason in changed["adjustments"]:
        sums[reason["kind"]] = sums.get(reason["kind"], Decimal(0)) + Decimal(reason["amount"])
    assert sums == {"discount": Decimal("-3.00"), "tax": Decimal(changed["tax_total"]), "price": Decimal("-2.00")}
    audit_is_clean()
