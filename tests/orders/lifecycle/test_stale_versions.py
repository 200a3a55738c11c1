"""Every route that changes an order, or what hangs on it, honours If-Match: a stale version is a 412, and nothing
changes. The routes are found in the URL configuration; a new one fails until it stands here."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from config.api import urlpatterns
from tests.shop.database.traces import nothing_changes
from tests.shop.for_sale import for_sale
from tests.shop.http.api_client import Caller, ok, refused

# First parts of addresses below which orders change.
OF_ORDERS = ("orders", "shipments", "returns", "refunds", "invoices", "payment-intents", "drafts")
UNVERSIONED = {
    "order-list": "there is no version yet",
    "draft-list": "there is no version yet",
    "order-preview": "writes nothing",
    "order-lines-preview": "writes nothing",
    "refund-settlement": "a refund's tag is of what it shows: test_conditional.py",
    "refund-retry": "a refund's tag is of what it shows: test_conditional.py",
}

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


def routes() -> dict[str, tuple[str, str]]:
    """Method and address of every route that writes below OF_ORDERS, by name."""
    found = {}
    for pattern in urlpatterns:
        address = str(pattern.pattern)
        for method in set(getattr(pattern.callback, "actions", {})) - {"get", "head", "options"}:
            if address.partition("/")[0] in OF_ORDERS:
                found[str(pattern.name)] = (method.upper(), "/" + address.replace("<uuid:pk>", "{pk}"))
    return found


def test_every_route_that_changes_an_order_is_walked() -> None:
    assert set(routes()) == CHANGES.keys() | UNVERSIONED.keys()


@pytest.mark.parametrize("name", CHANGES)
def test_a_stale_version_changes_nothing(staff: Caller, order_for: Any, name: str) -> None:
    order = ok(staff.place(order_for((for_sale(), 2))), 201)
    method, address = routes()[name]
    url = address.format(pk=CHANGES[name].prepare(staff, order))
    body = CHANGES[name].body(order)

    with nothing_changes():
        answer = refused(staff.send(method, url, body, headers={"If-Match": '"99"'}), 412, "stale_version")

    current = staff.send(method, url, body, headers={"If-Match": f'"{answer["version"]}"'})
    assert current.status_code in {200, 201}, current.content[:500]
