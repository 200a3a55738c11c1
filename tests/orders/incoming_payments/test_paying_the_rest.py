"""The rest of an order that was paid in part: by every door exactly what is due, once, and never money that never
came."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from catalog.models.variant import Variant
from crm.services.bulk.confirm_payments import bulk_confirm_payment
from orders.models.order import Order
from orders.services.payments.confirm_payment import record_payment
from shared.actor import SYSTEM
from tests.config.graphql.asking import data_of
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import for_sale
from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from tests.shop.http.api_client import Caller, ok, refused
from tests.shop.http.order_actions import audit_is_clean, expire

PARTS = ["10.00", "12.50"]  # equal halves: each amount may be taken for the other


@pytest.fixture
def tea(db: None) -> Variant:
    return for_sale(price="10.00")


@pytest.fixture
def order(staff: Caller, order_for: Any, tea: Variant) -> dict[str, Any]:
    """20.00, unpaid."""
    return ok(staff.place(order_for((tea, 2))), 201)


def came_in(order: dict[str, Any], part: str, reference: str = "bank-1") -> Decimal:
    """The part is recorded; what is still due."""
    amount = Decimal(part)
    record_payment(order_id=UUID(order["id"]), actor=SYSTEM, amount=amount, currency="USD", reference=reference)
    return Decimal(order["total"]) - amount


def payments_of(staff: Caller, order: dict[str, Any]) -> list[tuple[str, str]]:
    return [(paid["amount"], paid["status"]) for paid in staff.read(order)["payments"]]


def by_rest(staff: Caller, order: dict[str, Any], amount: Decimal) -> None:
    ok(staff.pay(order, amount=str(amount)))


def by_rest_without_an_amount(staff: Caller, order: dict[str, Any], _amount: Decimal) -> None:
    ok(staff.pay(order))


def by_graphql(staff: Caller, order: dict[str, Any], amount: Decimal) -> None:
    call = f'confirmPayment(id: "{order["id"]}", input: {{amount: "{amount}"}})'
    done = data_of(staff, f"mutation {{ it: {call} {{ __typename ... on Refusal {{ code }} }} }}")["it"]
    assert done == {"__typename": "OrderChanged"}


def by_the_admins_button(_staff: Caller, order: dict[str, Any], amount: Decimal) -> None:
    placed = Order.objects.get(pk=order["id"])
    url, boss = page_url(placed, "confirm_payment"), signed_in(superuser(f"{uuid4()}@example.com"))
    told = boss.post(url, {"amount": str(amount), "reference": ""}, follow=True)
    assert f"Order {placed.number}: Confirmed, payment paid." in text_of(told)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("take", [by_rest, by_rest_without_an_amount, by_graphql, by_the_admins_button])
def test_the_rest_is_taken_as_it_is_due_and_once(
    staff: Caller, order: dict[str, Any], take: Callable[..., None], part: str
) -> None:
    rest = came_in(order, part)

    for _told in range(2):
        take(staff, order, rest)

    paid = staff.read(order)
    assert payments_of(staff, order) == [(part, "PAID"), (f"{rest:f}", "PAID")]
    assert (paid["status"], paid["payment_status"], paid["amount_due"]) == ("CONFIRMED", "PAID", "0.00")
    audit_is_clean()


def test_many_orders_at_once_are_paid_what_each_is_due(staff: Caller, order: dict[str, Any]) -> None:
    rest = came_in(order, "12.50")

    bulk_confirm_payment(ids=[Order.objects.get().pk], actor=SYSTEM)

    assert payments_of(staff, order) == [("12.50", "PAID"), (f"{rest:f}", "PAID")]
    audit_is_clean()


@pytest.mark.parametrize("amount", ["12.50", "20.00", "7.49"])
def test_neither_the_part_nor_the_total_stands_for_the_rest(staff: Caller, order: dict[str, Any], amount: str) -> None:
    came_in(order, "12.50")

    with nothing_changes():
        for reference in ("", "bank-2"):
            problem = refused(staff.pay(order, amount=amount, reference=reference), 409, "amount_mismatch")
            assert problem["amount_due"] == "7.50"


def test_the_part_told_again_under_its_name_changes_nothing(staff: Caller, order: dict[str, Any]) -> None:
    came_in(order, "10.00")

    with nothing_changes():
        for facts in ({"amount": "10.00"}, {}):
            assert ok(staff.pay(order, reference="bank-1", **facts))["amount_due"] == "10.00"


def test_three_parts_pay_an_order(staff: Caller, order: dict[str, Any]) -> None:
    came_in(order, "5.00")
    came_in(order, "7.50", "bank-2")

    ok(staff.pay(order, amount="7.50", reference="bank-3"))

    assert payments_of(staff, order) == [("5.00", "PAID"), ("7.50", "PAID"), ("7.50", "PAID")]
    audit_is_clean()


def test_a_part_that_nobody_named_leaves_the_rest_a_name(staff: Caller, order: dict[str, Any]) -> None:
    intent = ok(staff.post(f"/orders/{order['id']}/payment-intents", {"provider": "manual", "method": "cash"}), 201)
    ok(staff.post(f"/payment-intents/{intent['id']}/capture", {"amount": "5.00"}))

    paid = ok(staff.pay(order, amount="15.00"))

    assert (paid["payment_status"], len({payment["reference"] for payment in paid["payments"]})) == ("PAID", 2)
    audit_is_clean()


def test_the_rest_of_what_was_changed_before_it_was_paid(staff: Caller, order: dict[str, Any]) -> None:
    came_in(order, "10.00")
    lines = [{"item": order["items"][0]["id"], "quantity": 3}]
    ok(staff.patch(f"/orders/{order['id']}/items", {"lines": lines, "reason": "one more"}))

    refused(staff.pay(order, amount="10.00"), 409, "amount_mismatch")
    ok(staff.pay(order, amount="20.00"))

    assert payments_of(staff, order) == [("10.00", "PAID"), ("20.00", "PAID")]
    audit_is_clean()


def test_the_part_of_an_order_that_ended_is_not_the_late_total(staff: Caller, order: dict[str, Any]) -> None:
    came_in(order, "10.00")
    expire(order)

    late = ok(staff.pay(order))

    assert late["payment_status"] == "REFUND_DUE"
    assert payments_of(staff, order) == [("10.00", "REFUND_DUE"), ("20.00", "REFUND_DUE")]
    with nothing_changes():
        ok(staff.pay(order))
        refused(staff.pay(order, amount="10.00"), 409, "amount_mismatch")
    audit_is_clean()
