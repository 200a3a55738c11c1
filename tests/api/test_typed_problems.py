"""What a refusal looks like is declared by its code, and each operation says which codes it may answer."""

from typing import Any

import pytest

from tests.shop.http.declared import document, exact_validator, faults_of

PROBLEM = {"type": "/api/problems/x", "title": "No", "status": 409, "detail": "No.", "instance": "/api/v1/orders"}
LINE = {"variant": "01a22a6b-8a76-7510-91b2-cb111025fb72", "sku": "MUG", "requested": 2, "available": 1}


def _schema(path: str, method: str, status: str) -> dict[str, Any]:
    declared: dict[str, Any] = document()["paths"][path][method]["responses"][status]
    schema: dict[str, Any] = declared["content"]["application/problem+json"]["schema"]
    return schema


def _codes(path: str, method: str, status: str) -> set[str]:
    return set(_schema(path, method, status)["discriminator"]["mapping"])


def test_placing_says_every_refusal_that_it_may_answer() -> None:
    assert _codes("/api/v1/orders", "post", "409") == {
        *("conflict", "coupon_invalid", "insufficient_stock", "order_limit", "shipping_not_available"),
        *("payment_method_unavailable", "variant_unavailable"),
    }
    assert _codes("/api/v1/orders", "post", "404") >= {"variant_not_found", "customer_not_found"}


def test_what_a_service_hands_on_from_another_is_said_too() -> None:
    ordering = _codes("/api/v1/drafts/{id}/order", "post", "409")

    assert {"insufficient_stock", "draft_closed"} <= ordering
    assert "agreed_prices_not_allowed" in _codes("/api/v1/drafts/{id}/order", "post", "403")


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({"code": "insufficient_stock"}, id="without its lines"),
        pytest.param({"code": "insufficient_stock", "shortages": [{**LINE, "requested": "2"}]}, id="a text for units"),
        pytest.param({"code": "no_such_code"}, id="a code that the operation never answers"),
    ],
)
def test_a_problem_that_is_not_as_declared_is_found(extra: dict[str, Any]) -> None:
    validator = exact_validator(_schema("/api/v1/orders", "post", "409"))

    assert faults_of(validator, {**PROBLEM, "code": "insufficient_stock", "shortages": [LINE]}) == []
    assert faults_of(validator, {**PROBLEM, **extra}) != []
