"""POST /orders: whatever is wrong with a request is named, and it leaves nothing behind."""

import json
from typing import Any

import pytest

from catalog.models.variant import Variant
from shared.models.idempotency_key import IdempotencyKey
from tests.orders.placing import bad_bodies
from tests.shop.database.traces import nothing_changes
from tests.shop.goods import for_sale
from tests.shop.http.api_client import Caller, ok, pointers, refused

LIMIT = 1024 * 1024


@pytest.fixture
def good(db: None) -> Variant:
    """What a request without the fault would get."""
    for_sale("OTHER", on_hand=10)
    return for_sale("GOOD-1", on_hand=2_000_000)


@pytest.mark.parametrize("name", bad_bodies.FIELDS)
def test_every_fault_in_the_body_is_named_by_its_path(staff: Caller, order_for: Any, good: Variant, name: str) -> None:
    fields, where = bad_bodies.FIELDS[name]
    body = bad_bodies.body_with(fields, order_for((good, 1)), good.sku)

    with nothing_changes():
        problem = refused(staff.place(body, key="k1"), 400, "invalid")

    assert sorted(pointers(problem)) == sorted(where)
    assert all(error["code"] and error["detail"] for error in problem["errors"])


@pytest.mark.parametrize("name", bad_bodies.RAW)
def test_what_is_no_order_at_all_is_refused(staff: Caller, good: Variant, name: str) -> None:
    with nothing_changes():
        problem = refused(staff.place(bad_bodies.RAW[name], key="k1"), 400, "invalid")

    assert problem["errors"]


@pytest.mark.parametrize("name", bad_bodies.KEYS)
def test_a_bad_key_is_refused(staff: Caller, order_for: Any, good: Variant, name: str) -> None:
    with nothing_changes():
        problem = refused(staff.place(order_for((good, 1)), key=bad_bodies.KEYS[name]), 400, "invalid")

    assert "Idempotency-Key" in pointers(problem)[0]


@pytest.mark.parametrize("key", ["k", "k" * 255, '"' + "k" * 255 + '"', "!~#$%&'()*+,-./:;<=>?@[]^_`{|}\\", '"k"'])
def test_keys_of_1_to_255_visible_characters_are_good(staff: Caller, order_for: Any, good: Variant, key: str) -> None:
    ok(staff.place(order_for((good, 1)), key=key), 201)

    assert IdempotencyKey.objects.get().key == key.strip('"')


def test_a_key_can_be_demanded(staff: Caller, order_for: Any, good: Variant, settings: Any) -> None:
    settings.REQUIRE_IDEMPOTENCY_KEY = True

    with nothing_changes():
        refused(staff.place(order_for((good, 1))), 400, "idempotency_key_required")

    ok(staff.place(order_for((good, 1)), key="k1"), 201)


def test_the_bad_request_can_be_mended_under_its_key(staff: Caller, order_for: Any, good: Variant) -> None:
    refused(staff.place(order_for((good, 0)), key="k1"), 400, "invalid")

    ok(staff.place(order_for((good, 1)), key="k1"), 201)


@pytest.mark.parametrize("megabytes", [1.01, 2, 2.9, 4])
def test_a_body_above_one_mebibyte_is_too_large(staff: Caller, order_for: Any, good: Variant, megabytes: float) -> None:
    body = json.dumps(order_for((good, 1), note="n" * int(megabytes * LIMIT))).encode()

    with nothing_changes():
        refused(staff.place(body, key="k1"), 413, "too_large")


def test_a_body_of_exactly_one_mebibyte_is_read(staff: Caller, order_for: Any, good: Variant) -> None:
    body = json.dumps(order_for((good, 1))).encode().ljust(LIMIT)

    ok(staff.place(body), 201)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "",
    ],
)
def test_only_json_is_heard(staff: Caller, order_for: Any, good: Variant, content_type: str) -> None:
    with nothing_changes():
        answer = staff.send("POST", "/orders", order_for((good, 1)), headers={"Content-Type": content_type})

        refused(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_is_heard_however_it_is_spelled(staff: Caller, order_for: Any, good: Variant, content_type: str) -> None:
    answer = staff.send("POST", "/orders", order_for((good, 1)), headers={"Content-Type": content_type})

    ok(answer, 201)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_orders_as_a_whole_take_no_other_method(staff: Caller, good: Variant, method: str) -> None:
    with nothing_changes():
        answer = staff.send(method, "/orders", {})

    refused(answer, 405, "method_not_allowed")
    assert {"GET", "POST"} <= {name.strip() for name in answer["Allow"].split(",")}


def test_query_parameters_that_cannot_be_text_are_refused(staff: Caller, order_for: Any, good: Variant) -> None:
    with nothing_changes():
        refused(staff.post("/orders?x=%00", order_for((good, 1))), 400, "invalid")
