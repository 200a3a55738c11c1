"""What OpenAPI says of the order routes is what they do: shapes and statuses."""

from decimal import Decimal
from typing import Any

import pytest
from rest_framework.serializers import ListSerializer, Serializer

from orders.api.orders.serializers import OrderInFullSerializer, OrderItemSerializer, OrderSerializer
from orders.models.shipping_method import ShippingMethod
from orders.services.payments.record_dispute import ToldDispute, record_dispute
from orders.states import DisputeFunds, DisputeStatus
from shared.ids import new_id
from tests.shop.goods import for_sale, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, ok
from tests.shop.http.declared import document
from tests.shop.http.order_actions import expire

STATUSES = {
    ("/api/v1/orders", "post"): {200, 201, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 503},
    ("/api/v1/orders", "get"): {200, 400, 401, 403},
    ("/api/v1/orders/{id}", "get"): {200, 400, 401, 403, 404},
    ("/api/v1/orders/{id}", "delete"): {200, 400, 401, 403, 404, 409, 412, 503},
    ("/api/v1/orders/{id}/payment", "patch"): {200, 400, 401, 403, 404, 409, 413, 415, 503},
    ("/api/v1/orders/{id}/status", "patch"): {200, 400, 401, 403, 404, 409, 412, 413, 415, 503},
    ("/api/v1/order-items", "get"): {200, 400, 401, 403},
    ("/api/v1/order-items/{id}", "get"): {200, 400, 401, 403, 404},
}


@pytest.mark.parametrize(("path", "method"), STATUSES)
def test_every_answer_of_the_contract_is_declared(path: str, method: str) -> None:
    responses = document()["paths"][path][method]["responses"]

    assert STATUSES[path, method] <= {int(status) for status in responses}
    for status, response in responses.items():
        wanted = "application/json" if int(status) < 400 else "application/problem+json"
        assert list(response.get("content", ())) == ([] if status == "304" else [wanted])


def same_shape(serializer: Serializer, body: dict[str, Any]) -> None:
    """The body has the fields that are declared, and so has all that hangs on it."""
    assert set(serializer.fields) == set(body)
    for name, field in serializer.fields.items():
        if isinstance(field, ListSerializer):
            assert isinstance(field.child, Serializer)
            assert body[name], f"nothing in {name} to compare"
            for row in body[name]:
                same_shape(field.child, row)


def test_answers_have_the_declared_shape(staff: Caller, order_for: Any) -> None:
    other = make_seller("Other", priority=9)
    others = make_variant()
    stock_at(others, 5, other)
    ShippingMethod.objects.create(code="post", name="Post", currency="USD", price=5)
    order = ok(staff.place(order_for((for_sale(), 1), (others, 2), shipping_method="post")), 201)
    expire(order)

    ok(staff.pay(order, reference="late"))
    told = ToldDispute("stripe", "dp_1", Decimal(1), DisputeStatus.NEEDS_RESPONSE, DisputeFunds.HERE, "fraudulent")
    record_dispute(order_id=order["id"], intent_id=new_id(), told=told)
    paid = staff.read(order)

    same_shape(OrderInFullSerializer(), paid)
    same_shape(OrderInFullSerializer(), staff.read(order))
    same_shape(OrderSerializer(), ok(staff.get("/orders"))["results"][0])
    same_shape(OrderItemSerializer(), ok(staff.get("/order-items"))["results"][0])
