"""What tests of refunds and returns do to an order over the API."""

from datetime import timedelta
from typing import Any

from django.db import connection

from orders.models.order import Order
from orders.models.reservation import Reservation
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.upkeep.audit_books import CHECKS
from shared.clock import database_now
from tests.shop.goods import balances
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller, ok


def paid(staff: Caller, body: Any) -> dict[str, Any]:
    """An order placed and paid."""
    return ok(staff.pay(ok(staff.place(body), 201)))


def sent(staff: Caller, order: dict[str, Any]) -> dict[str, Any]:
    """All of it left."""
    for status in ("PROCESSING", "SHIPPED"):
        ok(staff.patch(f"/orders/{order['id']}/status", {"status": status}))
    return staff.read(order)


def refund(caller: Caller, order: dict[str, Any], *units: int, key: str = "", **wish: Any) -> Answer:
    """So many units of each line, in order."""
    lines = [
        {"item": item["id"], "quantity": count} for item, count in zip(order["items"], units, strict=False) if count
    ]
    headers = {"idempotency_key": key} if key else {}
    return caller.post(f"/orders/{order['id']}/refunds", {"items": lines, "reason": "broken", **wish}, **headers)


def cancel_paid(caller: Caller, order: dict[str, Any], **facts: Any) -> Answer:
    return caller.post(f"/orders/{order['id']}/cancellation", {"reason": "customer", **facts})


def ask_return(caller: Caller, order: dict[str, Any], *units: int, **facts: Any) -> Answer:
    lines = [
        {"item": item["id"], "quantity": count} for item, count in zip(order["items"], units, strict=False) if count
    ]
    return caller.post(f"/orders/{order['id']}/returns", {"items": lines, "reason": "too small", **facts})


def on_hand(order: dict[str, Any]) -> list[tuple[int, int]]:
    """On hand and reserved at each level that the order held."""
    return [balances(hold["stock_level"]) for hold in order["reservations"]]


def audit_is_clean() -> None:
    """No rule of the books is broken."""
    numbers = {"sweep_minutes": 5, "key_days": 30}
    with connection.cursor() as cursor:
        for check in CHECKS:
            if check.is_discrepancy:
                cursor.execute(check.sql, numbers)
                assert cursor.fetchall() == [], check.name


def make_overdue(order: dict[str, Any]) -> None:
    """Its payment was due a minute ago, and nobody has swept yet."""
    past = database_now() - timedelta(minutes=1)
    Order.objects.filter(pk=order["id"]).update(payment_expires_at=past)
    Reservation.objects.filter(item__order_id=order["id"]).update(expires_at=past)


def expire(order: dict[str, Any]) -> None:
    """Nobody paid it in time, and the sweep came."""
    make_overdue(order)
    assert expire_unpaid_orders() == 1


def level_of(order: dict[str, Any]) -> tuple[int, int]:
    """(on hand, reserved) where the order's stock is held."""
    return balances(order["reservations"][0]["stock_level"])
