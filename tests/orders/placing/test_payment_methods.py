"""How an order is paid says until when it holds its stock, and what the buyer is told."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models.hold_policy import HoldPolicy
from orders.models.order import Order
from orders.models.payment_method import PaymentMethod
from orders.placing.attempt import Attempt, place_batch
from shared.ids import new_id
from tests.shop.goods import for_sale, make_level
from tests.shop.http.admin_pages import add_url, signed_in, superuser
from tests.shop.http.api_client import Caller, ok, refused
from tests.shop.orders import request_for
from tests.shop.people import make_buyer

WEEK = timedelta(days=7)


@pytest.fixture
def transfer(staff: Caller) -> dict[str, Any]:
    body = {"code": "bank_transfer", "name": "Bank transfer", "minutes": 10_080}
    return ok(staff.post("/payment-methods", body), 201)


def placed(caller: Caller, order_for: Any, **named: Any) -> Order:
    order = ok(caller.place(order_for((for_sale(), 1), **named)), 201)
    return Order.objects.get(pk=order["id"])


def time_to_pay(order: Order) -> timedelta | None:
    until: datetime | None = order.payment_expires_at
    return None if until is None else until - order.created_at


def test_the_method_says_how_long_an_order_waits(staff: Caller, order_for: Any, transfer: dict[str, Any]) -> None:
    assert time_to_pay(placed(staff, order_for)) == timedelta(minutes=15)
    assert time_to_pay(placed(staff, order_for, payment_method="bank_transfer")) == WEEK

    ok(staff.patch(f"/payment-methods/{transfer['id']}", {"minutes": 0}))

    assert time_to_pay(placed(staff, order_for, payment_method="bank_transfer")) is None


def test_reservations_are_held_as_long_as_the_order_waits(
    staff: Caller, order_for: Any, transfer: dict[str, Any]
) -> None:
    order = ok(staff.place(order_for((for_sale(), 1), payment_method="bank_transfer")), 201)

    assert {held["expires_at"] for held in order["reservations"]} == {order["payment_expires_at"]}


def test_a_deadline_that_is_kept_by_itself_counts_first(
    staff: Caller, order_for: Any, transfer: dict[str, Any]
) -> None:
    HoldPolicy.objects.create(payment_method="bank_transfer", minutes=60)

    assert time_to_pay(placed(staff, order_for, payment_method="bank_transfer")) == timedelta(hours=1)


def test_an_extension_goes_by_the_method_too(staff: Caller, order_for: Any, transfer: dict[str, Any]) -> None:
    order = placed(staff, order_for, payment_method="bank_transfer")

    later = ok(staff.post(f"/orders/{order.pk}/extension", {}))

    assert later["payment_expires_at"][:10] == f"{order.created_at + timedelta(days=8):%Y-%m-%d}"


def test_buyers_choose_what_is_for_them(
    staff: Caller, buyer: Caller, visitor: Caller, order_for: Any, transfer: dict[str, Any]
) -> None:
    address = f"/payment-methods/{transfer['id']}"
    assert [method["code"] for method in ok(visitor.get("/payment-methods"))["results"]] == ["bank_transfer"]
    ok(staff.patch(address, {"chosen_by": "staff"}))

    assert ok(visitor.get("/payment-methods"))["results"] == []
    body = order_for((for_sale(), 1), payment_method="bank_transfer")
    refused(buyer.place(body), 409, "payment_method_unavailable")
    refused(buyer.post("/orders/preview", {**body, "customer": None}), 409, "payment_method_unavailable")
    placed(staff, order_for, payment_method="bank_transfer")
    assert staff.delete(address).status_code == 204
    refused(staff.place(body), 409, "payment_method_unavailable")


def test_orders_that_are_placed_together_ask_once_for_their_methods(transfer: dict[str, Any]) -> None:
    level, buyers = make_level(on_hand=10), [make_buyer() for _ in range(3)]
    attempts = [
        Attempt(new_id(), replace(request_for(buyer, (level, 1)), payment_method="bank_transfer"), buyer.actor, None)
        for buyer in buyers
    ]

    with CaptureQueriesContext(connection) as ran:
        tries = place_batch(attempts)

    assert all(tried.written for tried in tries)
    assert sum('FROM "orders_payment_method"' in query["sql"] for query in ran) == 1


def test_a_key_is_answered_though_its_method_was_switched_off(
    staff: Caller, order_for: Any, transfer: dict[str, Any]
) -> None:
    body = order_for((for_sale(), 1), payment_method="bank_transfer")
    first = ok(staff.place(body, key="once"), 201)
    staff.delete(f"/payment-methods/{transfer['id']}")

    assert ok(staff.place(body, key="once"), 200)["id"] == first["id"]


def test_one_method_at_a_time_is_that_of_staffs_orders(staff: Caller, transfer: dict[str, Any]) -> None:
    ok(staff.patch(f"/payment-methods/{transfer['id']}", {"is_staff_default": True}))
    ok(staff.post("/payment-methods", {"code": "cash", "name": "Cash", "is_staff_default": True}), 201)

    assert [method.code for method in PaymentMethod.objects.filter(is_staff_default=True)] == ["cash"]


def test_the_form_of_a_new_order_begins_with_staffs_method(staff: Caller, transfer: dict[str, Any]) -> None:
    ok(staff.patch(f"/payment-methods/{transfer['id']}", {"is_staff_default": True}))
    boss = signed_in(superuser())

    page = boss.get(add_url(Order)).content.decode()

    assert '<option value="bank_transfer" selected>' in page


def test_a_draft_is_ordered_with_staffs_method(staff: Caller, transfer: dict[str, Any]) -> None:
    ok(staff.patch(f"/payment-methods/{transfer['id']}", {"is_staff_default": True}))
    lines = [{"variant": str(for_sale().pk), "quantity": 1}]
    draft = ok(staff.post("/drafts", {"customer": str(make_buyer().customer.pk), "lines": lines}), 201)

    order = ok(staff.post(f"/drafts/{draft['id']}/order", {}), 201)

    assert time_to_pay(Order.objects.get(pk=order["id"])) == WEEK
