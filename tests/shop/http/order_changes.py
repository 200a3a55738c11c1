"""Every change of an order, or of what hangs on it, by its route: what must have happened, and a body it takes."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.shop.http.api_client import Caller, ok

Prepare = Callable[[Caller, dict[str, Any]], str]


def itself(staff: Caller, order: dict[str, Any]) -> str:
    return str(order["id"])


def paid(staff: Caller, order: dict[str, Any]) -> str:
    ok(staff.pay(order))
    return str(order["id"])


def packed(staff: Caller, order: dict[str, Any]) -> str:
    return str(ok(staff.post(f"/orders/{paid(staff, order)}/shipments", {}), 201)["id"])


def sent(staff: Caller, order: dict[str, Any]) -> str:
    shipment = packed(staff, order)
    ok(staff.post(f"/shipments/{shipment}/departure", {}))
    return shipment


def gone(staff: Caller, order: dict[str, Any]) -> str:
    sent(staff, order)
    return str(order["id"])


def requested(staff: Caller, order: dict[str, Any]) -> str:
    sent(staff, order)
    body = {"items": [{"item": order["items"][0]["id"], "quantity": 1}], "reason": "too small"}
    return str(ok(staff.post(f"/orders/{order['id']}/returns", body), 201)["id"])


def approved(staff: Caller, order: dict[str, Any]) -> str:
    found = requested(staff, order)
    ok(staff.post(f"/returns/{found}/approval", {}))
    return found


def received(staff: Caller, order: dict[str, Any]) -> str:
    found = approved(staff, order)
    ok(staff.post(f"/returns/{found}/receipt", {}))
    return found


def begun(staff: Caller, order: dict[str, Any]) -> str:
    way = {"provider": "manual", "method": "cash"}
    return str(ok(staff.post(f"/orders/{order['id']}/payment-intents", way), 201)["id"])


def drafted(staff: Caller, order: dict[str, Any]) -> str:
    lines = [{"variant": order["items"][0]["variant"], "quantity": 1}]
    return str(ok(staff.post("/drafts", {"customer": order["customer"], "lines": lines}), 201)["id"])


class Change(NamedTuple):
    """What must have happened, and a body that would be accepted."""

    prepare: Prepare
    body: Callable[[dict[str, Any]], Any]


def _a_line(order: dict[str, Any]) -> dict[str, Any]:
    return {"items": [{"item": order["items"][0]["id"], "quantity": 1}], "reason": "because"}


def _fewer(order: dict[str, Any]) -> dict[str, Any]:
    return {"lines": _a_line(order)["items"], "reason": "because"}


CHANGES = {
    "order-detail": Change(itself, lambda order: None),
    "order-payment": Change(itself, lambda order: {"status": "paid"}),
    "order-advance": Change(paid, lambda order: {"status": "PROCESSING"}),
    "order-extension-list": Change(itself, lambda order: {}),
    "order-lines-detail": Change(paid, _fewer),
    "order-shipment-list": Change(paid, lambda order: {}),
    "order-invoice-list": Change(paid, lambda order: {}),
    "order-refund-list": Change(paid, _a_line),
    "order-return-list": Change(gone, _a_line),
    "order-payment-intent-list": Change(itself, lambda order: {"provider": "manual", "method": "cash"}),
    "order-cancellation-list": Change(paid, lambda order: {"reason": "staff"}),
    "shipment-departure": Change(packed, lambda order: {}),
    "shipment-delivery": Change(sent, lambda order: {}),
    "shipment-cancellation": Change(packed, lambda order: {}),
    "payment-intent-capture": Change(begun, lambda order: {}),
    "payment-intent-void": Change(begun, lambda order: {}),
    "return-approval": Change(requested, lambda order: {}),
    "return-rejection": Change(requested, lambda order: {"answer": "no"}),
    "return-withdrawal": Change(requested, lambda order: {}),
    "return-receipt": Change(approved, lambda order: {}),
    "return-refund": Change(received, lambda order: {}),
    "draft-detail": Change(drafted, lambda order: {"note": "by Friday"}),
    "draft-sending": Change(drafted, lambda order: {}),
    "draft-decline": Change(drafted, lambda order: {}),
    "draft-order": Change(drafted, lambda order: {}),
}
