"""PATCH /orders/{id}/payment: money in time, twice, too little, too late."""

from typing import Any
from uuid import uuid4

import pytest

from orders.models.payment import Payment
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, machine, ok, pointers, refused
from tests.shop.http.order_actions import level_of, make_overdue


@pytest.fixture
def order(staff: Caller, order_for: Any) -> dict[str, Any]:
    """Two of five TEA at 10.00 plus 20 % tax, unpaid."""
    return ok(staff.place(order_for((for_sale("TEA", on_hand=5, tax_rate="0.2"), 2))), 201)


def test_a_payment_confirms_the_order_and_sells_its_stock(staff: Caller, order: dict[str, Any]) -> None:
    answer = staff.pay(order, amount="24.00", currency="USD", reference="wire-1")

    paid = ok(answer)
    assert (paid["status"], paid["payment_status"]) == ("CONFIRMED", "PAID")
    assert paid["paid_at"] >= paid["created_at"]
    assert paid["payment_expires_at"] is None
    assert [item["status"] for item in paid["items"]] == ["CONFIRMED"]
    assert [hold["status"] for hold in paid["reservations"]] == ["converted"]
    assert [(e["kind"], e["from_status"], e["to_status"]) for e in paid["events"]][1:] == [
        ("paid", "PENDING", "CONFIRMED")
    ]
    (payment,) = paid["payments"]
    assert (payment["amount"], payment["currency"], payment["reference"]) == ("24.00", "USD", "wire-1")
    assert payment["status"] == "PAID"
    assert (paid["version"], answer["ETag"]) == (order["version"] + 1, f'"{paid["version"]}"')
    assert level_of(order) == (3, 0)
    assert staff.read(order) == paid


def test_the_amount_defaults_to_the_total(staff: Caller, order: dict[str, Any]) -> None:
    paid = ok(staff.pay(order))

    assert [payment["amount"] for payment in paid["payments"]] == [order["total"]]


@pytest.mark.parametrize("amount", ["24", "24.0", "24.000", 24])
def test_the_amount_is_a_number_however_it_is_written(staff: Caller, order: dict[str, Any], amount: Any) -> None:
    assert ok(staff.pay(order, amount=amount))["payment_status"] == "PAID"


@pytest.mark.parametrize("amount", ["2_4.00", "2.4e1", "\u0662\u0664"])
def test_an_amount_is_written_plainly(staff: Caller, order: dict[str, Any], amount: str) -> None:
    with nothing_changes():
        problem = refused(staff.pay(order, amount=amount), 400, "invalid")

    assert pointers(problem) == ["/amount"]


@pytest.mark.parametrize("facts", [{"amount": "23.99"}, {"amount": "24.001"}, {"amount": "0"}, {"currency": "EUR"}])
def test_another_amount_or_currency_changes_nothing(
    staff: Caller, order: dict[str, Any], facts: dict[str, str]
) -> None:
    with nothing_changes():
        problem = refused(staff.pay(order, **facts), 409, "amount_mismatch")

    assert (problem["amount_due"], problem["currency"]) == ("24.00", "USD")


@pytest.mark.parametrize(("first", "again"), [("wire-1", "wire-1"), ("wire-1", ""), ("", "")])
def test_the_same_reference_or_none_again_changes_nothing(
    staff: Caller, order: dict[str, Any], first: str, again: str
) -> None:
    paid = ok(staff.pay(order, reference=first))

    with nothing_changes():
        assert ok(staff.pay(order, reference=again)) == paid


@pytest.mark.parametrize("first", ["wire-1", ""])
def test_a_second_payment_is_recorded_to_be_given_back(staff: Caller, order: dict[str, Any], first: str) -> None:
    paid = ok(staff.pay(order, reference=first))
    stock = level_of(order)

    twice = ok(staff.pay(order, reference="wire-2"))

    assert (twice["status"], twice["payment_status"]) == ("CONFIRMED", "PAID")
    assert [(p["reference"], p["status"]) for p in twice["payments"]] == [
        (first, "PAID"),
        ("wire-2", "REFUND_DUE"),
    ]
    assert twice["version"] == paid["version"] + 1
    assert level_of(order) == stock
    with nothing_changes():
        assert ok(staff.pay(order, reference="wire-2")) == twice


def test_an_overdue_order_that_nobody_swept_is_still_paid(staff: Caller, order: dict[str, Any]) -> None:
    make_overdue(order)

    assert ok(staff.pay(order))["payment_status"] == "PAID"


BAD = {
    "no status": ({"amount": "1"}, ["/status"]),
    "another status": ({"status": "PAID"}, ["/status"]),
    "a negative amount": ({"status": "paid", "amount": "-1"}, ["/amount"]),
    "an endless amount": ({"status": "paid", "amount": 10**40}, ["/amount"]),
    "a text for an amount": ({"status": "paid", "amount": "much"}, ["/amount"]),
    "not a number": ({"status": "paid", "amount": "NaN"}, ["/amount"]),
    "infinite": ({"status": "paid", "amount": "Infinity"}, ["/amount"]),
    "a list for an amount": ({"status": "paid", "amount": [1]}, ["/amount"]),
    "too many decimals": ({"status": "paid", "amount": "24.0001"}, ["/amount"]),
    "a bad currency": ({"status": "paid", "currency": "dollars"}, ["/currency"]),
    "a long reference": ({"status": "paid", "reference": "r" * 256}, ["/reference"]),
    "a reference with NUL": ({"status": "paid", "reference": "a\0"}, ["/reference"]),
    "a number for a reference": ({"status": "paid", "reference": 1}, ["/reference"]),
    "an unknown field": ({"status": "paid", "note": "x"}, ["/note"]),
    "a list": ([], [""]),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_payment_is_refused(staff: Caller, order: dict[str, Any], name: str) -> None:
    body, where = BAD[name]

    with nothing_changes():
        problem = refused(staff.patch(f"/orders/{order['id']}/payment", body), 400, "invalid")

    assert pointers(problem) == where


def test_only_staff_and_keys_with_the_scope_confirm_payments(
    staff: Caller, buyer: Caller, till: Caller, order: dict[str, Any]
) -> None:
    with nothing_changes():
        refused(buyer.pay(order), 403, "permission_denied")
        refused(till.pay(order), 403, "missing_scope")
        refused(machine(buyer.user, "payments:write").pay(order), 403, "permission_denied")
        refused(Caller().pay(order), 401, "not_authenticated")

    paid = ok(machine(staff.user, "payments:write").pay(order))
    assert Payment.objects.get().actor_id == staff.user.pk
    assert paid["payment_status"] == "PAID"


def test_an_order_that_is_not_there_cannot_be_paid(staff: Caller, db: None) -> None:
    refused(staff.pay({"id": uuid4()}), 404, "order_not_found")
    refused(staff.pay({"id": "nonsense"}), 404, "not_found")
