"""What an assistant does is what the REST API does, with the same rights."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from orders.models.order import Order
from shared.models.record_change import RecordChange
from tests.mcp_server.assistant import call, problem_of, result_of
from tests.shop.goods import make_level
from tests.shop.http.api_client import Caller, machine, ok
from tests.shop.people import SuperuserFactory, make_buyer

pytestmark = pytest.mark.django_db

ALL = ("mcp", "orders:read", "orders:write", "customers:read", "stock:read", "crm:read", "crm:write", "events:read")


@pytest.fixture
def assistant() -> Caller:
    return machine(SuperuserFactory.create(), *ALL)


def test_an_order_from_the_search_to_its_cancellation(assistant: Caller) -> None:
    buyer, level = make_buyer(), make_level(on_hand=5)
    lines = [{"variant": str(level.variant_id), "quantity": 2}]
    customer = str(buyer.customer.pk)

    [found] = call(assistant, "find_customers", words=buyer.customer.email)["customers"]
    [variant] = call(assistant, "find_variants", words=level.variant.sku)["variants"]
    preview = call(assistant, "preview_order", customer=customer, items=lines)["preview"]
    placed = call(assistant, "place_order", customer=customer, items=lines, idempotency_key="k1")["order"]
    again = call(assistant, "place_order", customer=customer, items=lines, idempotency_key="k1")["order"]

    assert (found["id"], variant["id"], variant["available"]) == (customer, str(level.variant_id), 5)
    assert preview["total"] == placed["total"]
    assert again["id"] == placed["id"]
    assert [row["available"] for row in call(assistant, "stock_of", variant=level.variant.sku)["levels"]] == [3]
    assert call(assistant, "get_order", order=placed["number"])["order"]["items"][0]["quantity"] == 2
    assert [row["id"] for row in call(assistant, "find_orders", customer=customer)["orders"]] == [placed["id"]]

    cancelled = call(assistant, "cancel_order", order=placed["id"])["order"]

    assert cancelled["status"] == "CANCELLED"
    assert call(assistant, "customer_360", customer=customer)["orders"][0]["status"] == "CANCELLED"


def test_a_refusal_is_the_apis_own(assistant: Caller) -> None:
    buyer, level = make_buyer(), make_level(on_hand=1)
    wanted = {"customer": str(buyer.customer.pk), "items": [{"variant": str(level.variant_id), "quantity": 3}]}

    problem = problem_of(assistant, "place_order", **wanted, idempotency_key="k1")

    assert (problem["code"], problem["shortages"][0]["available"]) == ("insufficient_stock", 1)
    assert not Order.objects.exists()


def test_what_is_as_long_as_an_id_may_be_a_number_or_a_sku(assistant: Caller) -> None:
    assert problem_of(assistant, "get_order", order="x" * 36)["code"] == "invalid"  # longer than any number
    assert call(assistant, "stock_of", variant="S" * 36) == {"levels": [], "more": False}
    assert problem_of(assistant, "get_order", order="9f3c0c53-7d39-4f0e-9b0c-2d1c9c0a7e11")["code"] == "not_found"


@pytest.mark.parametrize(
    ("tool", "arguments", "pointer"),
    [
        ("find_orders", {"limit": 26}, "/limit"),
        ("find_orders", {"limit": "10"}, "/limit"),
        ("find_orders", {"colour": "red"}, "/colour"),
        ("get_order", {}, "/order"),
        ("place_order", {"customer": "nobody", "items": [], "idempotency_key": "a b"}, "/customer"),
        ("add_note", {"customer": "x", "text": "", "idempotency_key": ""}, "/customer"),
    ],
)
def test_arguments_that_do_not_fit_are_named(
    assistant: Caller, tool: str, arguments: dict[str, Any], pointer: str
) -> None:
    problem = problem_of(assistant, tool, **arguments)

    assert problem["code"] == "invalid"
    assert pointer in [fault["pointer"] for fault in problem["errors"]]


def test_notes_tasks_and_deals(assistant: Caller) -> None:
    customer = str(make_buyer().customer.pk)
    pipeline = ok(assistant.get("/pipelines"))["results"][0]
    deal = ok(assistant.post("/deals", {"title": "40 chairs", "customer": customer}), 201)

    note = [call(assistant, "add_note", customer=customer, text="Rang twice.", idempotency_key="n") for _ in range(2)]
    task = call(assistant, "add_task", title="Ring back", customer=customer, idempotency_key="t")["task"]
    moved = call(assistant, "move_deal", deal=deal["id"], stage=pipeline["stages"][1]["id"])["deal"]

    seen = call(assistant, "customer_360", customer=customer)
    assert note[0] == note[1]
    assert [row["text"] for row in seen["activities"] if row["kind"] == "note"] == ["Rang twice."]
    assert [row["id"] for row in seen["open_tasks"]] == [task["id"]]
    assert moved["stage"] == pipeline["stages"][1]["id"]


@pytest.mark.parametrize("tool", ["place_order", "cancel_order", "add_note", "events_after", "sales_summary"])
def test_a_tool_needs_the_scopes_of_what_it_does(tool: str) -> None:
    reader = machine(SuperuserFactory.create(), "mcp", "customers:read")
    an_id = str(make_buyer().customer.pk)
    lines = [{"variant": "A", "quantity": 1}]
    arguments: dict[str, dict[str, Any]] = {
        "place_order": {"customer": an_id, "items": lines, "idempotency_key": "k"},
        "cancel_order": {"order": an_id},
        "add_note": {"customer": an_id, "text": "x", "idempotency_key": "k"},
        "events_after": {},
        "sales_summary": {},
    }

    problem = problem_of(reader, tool, **arguments[tool])

    assert (problem["status"], problem["code"]) == (403, "missing_scope")


def test_sales_of_the_last_days(assistant: Caller) -> None:
    buyer, level = make_buyer(), make_level(on_hand=5)
    lines = [{"variant": str(level.variant_id), "quantity": 1}]
    call(assistant, "place_order", customer=str(buyer.customer.pk), items=lines, idempotency_key="k")

    [day] = call(assistant, "sales_summary", days=2)["days"]

    assert (day["orders"], day["paid"], day["revenue"]) == (1, 0, "0.00")


def test_the_history_says_that_an_assistant_did_it(assistant: Caller) -> None:
    customer = make_buyer().customer
    call(assistant, "add_task", title="Ring back", customer=str(customer.pk), idempotency_key="t")

    sources = set(RecordChange.objects.values_list("source", flat=True))

    assert "mcp add_task" in sources


@pytest.mark.django_db(transaction=True)
def test_one_key_places_one_order_however_many_ask_at_once() -> None:
    assistant = machine(SuperuserFactory.create(), *ALL)
    buyer, level = make_buyer(), make_level(on_hand=50)
    lines = [{"variant": str(level.variant_id), "quantity": 1}]

    def ask(_: int) -> dict[str, Any]:
        try:
            return result_of(
                assistant, "place_order", customer=str(buyer.customer.pk), items=lines, idempotency_key="same"
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))

    assert Order.objects.count() == 1
    assert len({json.dumps(answer["structuredContent"]["order"]["id"]) for answer in answers}) == 1
