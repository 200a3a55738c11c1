"""What OpenAPI says of the routes is what they do: shapes and statuses. Every answer that any test looks at is held
against it (tests/shop/http/declared.py); here stands that this finds each kind of difference, and misses no read."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from orders.models.shipping_method import ShippingMethod
from orders.services.payments.record_dispute import ToldDispute, record_dispute
from orders.states import DisputeFunds, DisputeStatus
from shared.ids import new_id
from tests.plugins.db_restore import put_back_after
from tests.shop.every_table.fill import fill_every_table
from tests.shop.goods import for_sale, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, login, ok
from tests.shop.http.declared import document, exact_validator, faults_of
from tests.shop.http.order_actions import expire
from tests.shop.people import SuperuserFactory
from users.models.company import Company

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


@pytest.fixture(scope="module")
def owner(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Caller]:
    """Of a shop that has a row in every table."""
    with put_back_after(django_db_blocker):
        staff = login(SuperuserFactory.create())
        fill_every_table()
        Company.objects.create(name="Analytical Engines Ltd")
        yield staff


READS = sorted(
    path
    for path, operations in document()["paths"].items()
    if "application/json" in operations.get("get", {"responses": {"200": {}}})["responses"]["200"].get("content", ())
)


@pytest.mark.parametrize("path", READS)
def test_every_read_answers_rows_as_declared(owner: Caller, path: str, db: None) -> None:
    addresses = _addresses(owner, path)

    assert [address for address in addresses if _rows(ok(owner.get(address)))] != []


# Where the ids stand that a path has no list of its own for.
LISTED_ELSEWHERE = {
    "/api/v1/personal-data": "/api/v1/customers",
    "/api/v1/pictures": "/api/v1/products",  # as a member of each
    "/api/v1/webhook-deliveries": "/api/v1/webhook-endpoints/{id}/deliveries",
}


def _addresses(owner: Caller, path: str) -> list[str]:
    """The path, or one for each row that it may be about."""
    of_list, has_id, _ = path.partition("/{id}")
    if not has_id:
        return [path]
    lists = _addresses(owner, LISTED_ELSEWHERE.get(of_list, of_list))
    rows = [row for each in lists for row in ok(owner.get(f"{each}?limit=100"))["results"]]
    found = [one for row in rows for one in row.get(of_list.rpartition("/")[2], [row])]
    return [path.replace("{id}", row["id"]) for row in found]


def _rows(body: Any) -> Any:
    """Of a page, of a plain list, or the one that the answer is."""
    return body.get("results", body.get("events", body)) if isinstance(body, dict) else body


@pytest.fixture
def order(staff: Caller, order_for: Any) -> dict[str, Any]:
    """One that everything hangs on: over two sellers, paid too late, disputed."""
    other = make_seller("Other", priority=9)
    others = make_variant()
    stock_at(others, 5, other)
    ShippingMethod.objects.create(code="post", name="Post", currency="USD", price=5)
    order = ok(staff.place(order_for((for_sale(), 1), (others, 2), shipping_method="post")), 201)
    expire(order)
    ok(staff.pay(order, reference="late"))
    told = ToldDispute("stripe", "dp_1", Decimal(1), DisputeStatus.NEEDS_RESPONSE, DisputeFunds.HERE, "fraudulent")
    record_dispute(order_id=order["id"], intent_id=new_id(), told=told)
    return staff.read(order)


def test_an_order_that_everything_hangs_on_is_as_declared(order: dict[str, Any]) -> None:
    assert [name for name, value in order.items() if value == []] == []
    assert _faults(order) == []


DIFFERENCES: dict[str, Any] = {
    "another field": lambda order: order["items"][0].update(weight=3),
    "a field less": lambda order: order["payments"][0].pop("method"),
    "a number for a text": lambda order: order.update(total=12.5),
    "a text for a number": lambda order: order["items"][0].update(quantity="1"),
    "null": lambda order: order["events"][0].update(created_at=None),
    "no id": lambda order: order["reservations"][0].update(item="7"),
    "no time": lambda order: order["disputes"][0].update(created_at="2026-11-29 12:00"),
    "no such status": lambda order: order["sub_orders"][0].update(status="LOST"),
    "no list": lambda order: order.update(adjustments={}),
}


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_a_difference_from_what_is_declared_is_found(order: dict[str, Any], difference: str) -> None:
    DIFFERENCES[difference](order)

    assert len(_faults(order)) == 1


def _faults(order: dict[str, Any]) -> list[str]:
    return faults_of(exact_validator({"$ref": "#/components/schemas/OrderInFull"}), order)
