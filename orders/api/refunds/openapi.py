"""What OpenAPI shows as the bodies of refunds and returns."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

# Spelled out, for drf-spectacular takes a serializer with many=True for a page of the view's list, whatever the method.
REFUNDS_MADE = {"type": "array", "items": {"$ref": "#/components/schemas/Refund"}}
_LINE = "019a5a3e-7c7e-7000-8000-000000000002"


def _request_example(name: str, value: dict[str, Any]) -> list[OpenApiExample]:
    return [OpenApiExample(name, value=value, request_only=True)]


REFUND = _request_example(
    "One unit, with the shipping",
    {"items": [{"item": _LINE, "quantity": 1, "restock": True}], "shipping": True, "reason": "Broken on arrival"},
) + _request_example("A free amount", {"amount": "5.00", "reason": "Sorry for the delay"})
CANCEL = _request_example("The customer asked for it", {"reason": "customer", "note": "Ordered twice", "refund": True})
SETTLE = _request_example("Transferred", {"reference": "SEPA-2026-1107"})
RETRY = _request_example("Once more", {})
REQUEST = _request_example("Too small", {"items": [{"item": _LINE, "quantity": 1}], "reason": "Too small"})
APPROVE = _request_example("Yes", {"answer": "Please send it with the label enclosed."})
REJECT = _request_example("No", {"answer": "It has been worn."})
RECEIVE = _request_example("One of two is broken", {"items": [{"item": _LINE, "received": 2, "restocked": 1}]})
REFUND_RETURN = _request_example("Less a fee", {"restocking_fee": "3.00", "shipping": False})
WITHDRAW = _request_example("Kept after all", {"note": "Keeps it after all"})
