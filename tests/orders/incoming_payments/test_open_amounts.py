"""A paid order that was changed to cost more: what is open of it shows, is paid, and keeps goods from leaving."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from catalog.models.variant import Variant
from orders.models.order import Order
from tests.orders.shipping.test_shipping import act, pack
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, login, ok, refused
from tests.shop.http.order_actions import audit_is_clean
from users.models.user import User


@pytest.fixture
def cup(db: None) -> Variant:
    return for_sale(price="10.00")


@pytest.fixture
def dearer(staff: Caller, order_for: Any, cup: Variant) -> dict[str, Any]:
    """Paid 20.00, and changed to cost 30.00."""
    return with_units(staff, ok(staff.pay(ok(staff.place(order_for((cup, 2))), 201))), 3)


def with_units(staff: Caller, order: dict[str, Any], units: int) -> dict[str, Any]:
    lines = [{"item": order["items"][0]["id"], "quantity": units}]
    return ok(staff.patch(f"/orders/{order['id']}/items", {"lines": lines, "reason": "told by phone"}))


def step(caller: Caller, order: dict[str, Any], status: str, **body: Any) -> Any:
    return caller.patch(f"/orders/{order['id']}/status", {"status": status, **body})


def in_role(role: str, email: str) -> Caller:
    user = User.objects.create_user(email, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return login(user)


def shown_in_list(staff: Caller, order: dict[str, Any]) -> str:
    return next(row["amount_due"] for row in ok(staff.get("/orders"))["results"] if row["id"] == order["id"])


def test_the_open_amount_shows_alone_and_in_lists_and_follows_every_change(
    staff: Caller, dearer: dict[str, Any]
) -> None:
    assert (dearer["amount_due"], shown_in_list(staff, dearer)) == ("10.00", "10.00")
    audit_is_clean()

    for units, due in ((4, "20.00"), (2, "0.00"), (3, "10.00"), (1, "0.00")):
        changed = with_units(staff, dearer, units)
        assert (changed["amount_due"], shown_in_list(staff, dearer)) == (due, due)
        audit_is_clean()


def test_an_unpaid_order_is_due_its_total_less_what_came_in(staff: Caller, order_for: Any, cup: Variant) -> None:
    order = ok(staff.place(order_for((cup, 2))), 201)
    assert (order["amount_due"], shown_in_list(staff, order)) == ("20.00", "20.00")
    intent = ok(staff.post(f"/orders/{order['id']}/payment-intents", {"provider": "manual", "method": "cash"}), 201)
    ok(staff.post(f"/payment-intents/{intent['id']}/capture", {"amount": "5.00"}))

    assert shown_in_list(staff, order) == staff.read(order)["amount_due"] == "15.00"
    audit_is_clean()
    assert with_units(staff, order, 3)["amount_due"] == shown_in_list(staff, order) == "25.00"
    audit_is_clean()
    ok(staff.delete(f"/orders/{order['id']}"))
    assert shown_in_list(staff, order) == "0.00"
    audit_is_clean()


def test_a_payment_of_the_open_amount_is_taken_with_and_without_a_name(staff: Caller, dearer: dict[str, Any]) -> None:
    settled = ok(staff.pay(dearer, amount="10.00"))

    assert (settled["amount_due"], shown_in_list(staff, dearer)) == ("0.00", "0.00")
    assert [paid["reference"] for paid in settled["payments"]] == ["", "payment 2"]
    assert ok(staff.pay(dearer, amount="10.00")) == settled, "told again"
    audit_is_clean()
    again = with_units(staff, dearer, 4)
    assert ok(staff.pay(again, amount="10.00", reference="bank"))["amount_due"] == "0.00"
    audit_is_clean()


def test_goods_do_not_leave_before_the_open_amount_is_paid(staff: Caller, dearer: dict[str, Any]) -> None:
    with nothing_changes():
        problem = refused(pack(staff, dearer), 409, "order_unsettled")
    assert (problem["why"], problem["amount_due"]) == ("open_amount", "10.00")
    ok(step(staff, dearer, "PROCESSING"))
    refused(step(staff, dearer, "SHIPPED"), 409, "order_unsettled")

    ok(staff.pay(dearer, amount="10.00"))

    assert ok(step(staff, dearer, "SHIPPED"))["status"] == "SHIPPED"


def test_a_shipment_that_was_packed_before_the_change_waits_too(staff: Caller, order_for: Any, cup: Variant) -> None:
    order = ok(staff.pay(ok(staff.place(order_for((cup, 2))), 201)))
    shipment = ok(pack(staff, order), 201)
    with_units(staff, order, 3)

    refused(act(staff, shipment, "departure"), 409, "order_unsettled")

    assert ok(act(staff, shipment, "departure", unsettled=True))["status"] == "SHIPPED"


def test_whoever_has_the_right_lets_goods_leave_all_the_same(dearer: dict[str, Any]) -> None:
    warehouse, manager = in_role("warehouse", "w@example.com"), in_role("manager", "m@example.com")

    with nothing_changes():
        refused(pack(warehouse, dearer), 409, "order_unsettled")
        refused(pack(warehouse, dearer, unsettled=True), 403, "permission_denied")
        refused(step(warehouse, dearer, "SHIPPED", unsettled=True), 403, "permission_denied")
    shipment = ok(pack(manager, dearer, unsettled=True), 201)
    refused(act(warehouse, shipment, "departure", unsettled=True), 403, "permission_denied")

    assert ok(act(manager, shipment, "departure", unsettled=True))["status"] == "SHIPPED"


def test_a_disputed_order_waits_too(staff: Caller, order_for: Any, cup: Variant) -> None:
    order = ok(staff.pay(ok(staff.place(order_for((cup, 2))), 201)))
    Order.objects.filter(pk=order["id"]).update(dispute="open")

    assert refused(pack(staff, order), 409, "order_unsettled")["why"] == "disputed"
