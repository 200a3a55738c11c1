"""A shop from nothing to a delivered order, over HTTP alone: staff, a customer's login and the sweep."""

from typing import Any

import pytest
from django.core.management import call_command

from orders.services.upkeep.audit_books import audit_books
from tests.shop.http.api_client import Caller, ok, refused
from tests.shop.http.order_actions import make_overdue
from users.models.user import User

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


def sign_in(email: str, **fields: Any) -> Caller:
    """A new login, signed in as anybody would."""
    user = User.objects.create_user(email, PASSWORD, **fields)
    tokens = ok(Caller().post("/auth/token", {"email": email, "password": PASSWORD}))
    return Caller("Bearer " + tokens["access"], user)


@pytest.fixture
def staff(transactional_db: None) -> Caller:
    return sign_in("staff@example.com", is_staff=True, is_superuser=True)


@pytest.fixture
def buyer(staff: Caller) -> Caller:
    """A login that staff made a customer of."""
    login = sign_in("ada@example.com")
    body = {"name": "Ada Byron", "email": "ada@example.com", "user": str(login.user.pk)}
    ok(staff.post("/customers", body), 201)
    return login


@pytest.fixture
def variant(staff: Caller) -> dict[str, Any]:
    """Three MUGs at 12.50, made with only what has no sensible default."""
    product = ok(staff.post("/products", {"name": "Mug"}), 201)
    made = ok(staff.post("/variants", {"product": product["id"], "sku": "MUG", "price": "12.50"}), 201)
    ok(staff.post("/stock-levels", {"variant": made["id"], "on_hand": 3}), 201)
    return made


def available(variant: dict[str, Any]) -> int:
    """What the public sees."""
    units: int = ok(Caller().get(f"/variants/{variant['id']}"))["available"]
    return units


def order_of(buyer: Caller, quantity: int, key: str) -> dict[str, Any]:
    return ok(buyer.place({"items": [{"variant": "MUG", "quantity": quantity}]}, key=key), 201)


def test_bought_paid_and_delivered(staff: Caller, buyer: Caller, variant: dict[str, Any]) -> None:
    order = order_of(buyer, 2, "first")
    assert (order["total"], available(variant)) == ("25.00", 1)

    refused(buyer.pay(order), 403, "permission_denied")
    ok(staff.pay(order, amount="25.00", reference="wire-1"))
    for status in ("PROCESSING", "SHIPPED", "DELIVERED"):
        ok(staff.patch(f"/orders/{order['id']}/status", {"status": status}))

    delivered = buyer.read(order)
    assert [event["to_status"] for event in delivered["events"]] == [
        "PENDING",
        "CONFIRMED",
        "PROCESSING",
        "SHIPPED",
        "DELIVERED",
    ]
    assert available(variant) == 1
    (level,) = ok(staff.get("/stock-levels", variant=variant["id"]))["results"]
    assert (level["on_hand"], level["reserved"]) == (1, 0)
    _books_are_right()


def test_not_paid_in_time_and_bought_by_another(staff: Caller, buyer: Caller, variant: dict[str, Any]) -> None:
    lost = order_of(buyer, 3, "first")
    refused(buyer.place({"items": [{"variant": "MUG", "quantity": 1}]}, key="second"), 409, "insufficient_stock")

    make_overdue(lost)
    call_command("expire_unpaid_orders")
    won = order_of(buyer, 1, "second")

    assert buyer.read(lost)["cancel_reason"] == "payment_timeout"
    assert ok(staff.pay(lost, reference="late"))["payment_status"] == "REFUND_DUE"
    assert ok(staff.pay(won))["payment_status"] == "PAID"
    assert available(variant) == 2
    _books_are_right()


def test_an_overdue_order_is_in_nobodys_way_before_the_sweep_comes(buyer: Caller, variant: dict[str, Any]) -> None:
    lost = order_of(buyer, 3, "first")
    make_overdue(lost)

    order_of(buyer, 3, "second")

    assert buyer.read(lost)["status"] == "CANCELLED"
    _books_are_right()


def test_stock_that_is_held_cannot_be_counted_away(staff: Caller, buyer: Caller, variant: dict[str, Any]) -> None:
    order = order_of(buyer, 2, "first")
    (level,) = ok(staff.get("/stock-levels", variant=variant["id"]))["results"]
    path = f"/stock-levels/{level['id']}/adjustments"

    refused(staff.post(path, {"quantity": -2, "reason": "broken"}), 409, "below_reserved")
    ok(buyer.delete(f"/orders/{order['id']}"))
    ok(staff.post(path, {"quantity": -2, "reason": "broken"}), 201)

    assert available(variant) == 1
    _books_are_right()


def _books_are_right() -> None:
    assert [(f.check.name, f.rows) for f in audit_books() if f.count and f.check.is_discrepancy] == []
