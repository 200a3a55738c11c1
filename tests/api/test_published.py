"""What v1 has promised stays: integrations are written against it."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ops.published_api import PUBLISHED, broken_promises, promised_by
from shared.api.naming import VERBS
from tests.shop.http.api_client import ok


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return ok(Client().get("/api/schema"))


def test_nothing_that_was_promised_is_gone_and_what_is_new_is_written_down(document: dict[str, Any]) -> None:
    promised, now = json.loads(PUBLISHED.read_text()), promised_by(document)

    assert broken_promises(promised, now) == []
    assert promised == now, "Run python -m ops.published_api"


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda now: now.pop("place_order"), "place_order is gone"),
        (lambda now: now["get_tag"]["answer"].remove("name"), "get_tag: answer name is gone"),
        (lambda now: now["place_order"]["body"].remove("items.quantity"), "place_order: body items.quantity is gone"),
        (lambda now: now["list_orders"]["parameters"].remove("status"), "list_orders: parameters status is gone"),
        (lambda now: now["place_order"]["required"].append("note"), "place_order: note must be sent now"),
        (lambda now: now["get_order"].update(route="GET /x"), "get_order was GET /api/v1/orders/{id} and is GET /x"),
        (lambda now: now["get_order"]["answer"].append("colour"), None),
    ],
)
def test_a_broken_promise_is_named(change: Callable[[Any], Any], line: str | None, document: dict[str, Any]) -> None:
    promised = promised_by(document)
    now = copy.deepcopy(promised)

    change(now)

    assert broken_promises(promised, now) == ([line] if line else [])


def test_operations_and_schemas_have_names_that_a_person_would_choose(document: dict[str, Any]) -> None:
    names = [each["operationId"] for operations in document["paths"].values() for each in operations.values()]
    schemas = document["components"]["schemas"]

    assert len(set(names)) == len(names)
    plain = ("list_", "get_", "create_", "update_", "delete_")
    assert {name for name in names if not name.startswith(plain)} <= set(VERBS.values())
    assert [name for name in schemas if name.endswith(("Enum", "Request")) or name.startswith("Patched")] == []
