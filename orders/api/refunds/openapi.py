"""What OpenAPI shows as the bodies of refunds and returns."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_LINE = "019a5a3e-7c7e-7000-8000-000000000002"


def _example(name: str, value: dict[str, Any]) -> list[OpenApiExample]:
    return [OpenApiExample(name, value=value, request_only=True)]


REFUND = _example(
    "One unit, with the shipping",
    {"items": [{"item": _LINE, "quantity": 1, "restock": True}], "shipping": True, "reason": "Broken on arrival"},
) + _example("A free amount", {"amount": "5.00", "reason": "Sorry for the delay"})
CANCEL = _example("The customer asked for it", {"reason": "customer", "note": "Ordered twice", "refund": True})
SETTLE = _example("Transferred", {"reference": "SEPA-2026-1107"})
RETRY = _example("Once more", {})
REQUEST = _example("Too small", {"items": [{"item": _LINE, "quantity": 1}], "reason": "Too small"})
APPROVE = _example("Yes", {"answer": "Please send it with the label enclosed."})
REJECT = _example("No", {"answer": "It has been worn."})
RECEIVE = _example("One of two is broken", {"items": [{"item": _LINE, "received": 2, "restocked": 1}]})
REFUND_RETURN = _example("Less a fee", {"restocking_fee": "3.00", "shipping": False})
WITHDRAW = _example("Kept after all", {"note": "Keeps it after all"})
