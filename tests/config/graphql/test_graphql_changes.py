"""Mutations do what REST's routes do, once under a key, and refuse in the type of the answer."""

import json
from typing import Any

import pytest

from crm.models.pipeline import Stage
from inventory.models.level import StockLevel
from orders.models.draft import Draft
from orders.models.order import Order
from tests.config.graphql.asking import URL, ask, codes, data_of, fields_with_doors, send
from tests.shop.admin_rows import make_deal
from tests.shop.database.races import answers_together
from tests.shop.goods import balances, make_level
from tests.shop.http.api_client import NOBODYS, Caller, login, machine
from tests.shop.people import SuperuserFactory, make_buyer
from users.models.api_key import Scope

REFUSED = "... on Refusal { code message } ... on InvalidInput { errors { pointer } } "
PLACE = (
    "mutation ($input: PlaceOrderInput!, $key: String) { placeOrder(input: $input, idempotencyKey: $key) { __typename "
    "... on OrderPlaced { replayed order { id status version items { nodes { sku quantity } } customer { name } } } "
    "... on InsufficientStock { shortages { sku requested available } } " + REFUSED + "} }"
)


@pytest.fixture
def boss(db: None) -> Caller:
    return machine(SuperuserFactory.create(), *Scope.values)


def wanted(level: Any, quantity: int = 2) -> dict[str, Any]:
    return {"customer": str(make_buyer().customer.pk), "items": [{"variant": level.variant.sku, "quantity": quantity}]}


def place(caller: Caller, body: dict[str, Any], key: str | None = None) -> Any:
    return data_of(caller, PLACE, input=body, key=key)["placeOrder"]


def drafted(caller: Caller, level: Any) -> Any:
    """A quote of two units."""
    lines = f'lines: [{{variant: "{level.variant_id}", quantity: 2}}]'
    call = f'createDraft(input: {{kind: "quote", customer: "{make_buyer().customer.pk}", {lines}}})'
    return run(caller, call, "DraftSaved { draft { id version } }")["draft"]


def run(caller: Caller, call: str, shown: str) -> Any:
    """What the mutation says: `shown` is a fragment of its success."""
    return data_of(caller, f"mutation {{ it: {call} {{ __typename ... on {shown} {REFUSED} }} }}")["it"]


def test_an_order_is_placed_paid_moved_on_and_not_cancelled_any_more(boss: Caller) -> None:
    level = make_level(on_hand=9)

    placed = place(boss, wanted(level), "first")
    again = place(boss, wanted(level) | {"customer": str(Order.objects.get().customer_id)}, "first")
    assert (placed["replayed"], again["replayed"], again["order"]["id"]) == (False, True, placed["order"]["id"])
    assert placed["order"]["items"]["nodes"] == [{"sku": level.variant.sku, "quantity": 2}]
    order = f'id: "{placed["order"]["id"]}"'

    def change(call: str) -> Any:
        return run(boss, call, "OrderChanged { order { status paymentStatus version } }")

    paid = change(f'confirmPayment({order}, input: {{reference: "two"}})')
    assert paid["order"] == {"status": "CONFIRMED", "paymentStatus": "PAID", "version": paid["order"]["version"]}
    stale = change(f'advanceOrder({order}, status: "PROCESSING", version: 1)')
    assert (stale["__typename"], stale["code"]) == ("RequestRefused", "stale_version")
    assert change(f'advanceOrder({order}, status: "DELIVERED")')["code"] == "invalid_transition"
    assert change(f'advanceOrder({order}, status: "NOWHERE")')["errors"][0]["pointer"] == "/status"
    assert change(f'advanceOrder({order}, status: "PROCESSING")')["order"]["status"] == "PROCESSING"
    assert change(f"cancelOrder({order})")["code"] == "already_paid"
    for nobodys in (NOBODYS, "x"):
        assert change(f'cancelOrder(id: "{nobodys}")')["code"] == "order_not_found"


def test_an_amount_that_comes_as_a_number_keeps_its_digits_as_in_rest(boss: Caller) -> None:
    order, amount = place(boss, wanted(make_level(on_hand=9)))["order"]["id"], "12345678901234567.89"
    asked = f'confirmPayment(id: "{order}", input: {{amount: {amount}}}) {{ ... on Refusal {{ message }} }}'
    query = json.dumps("mutation ($amount: Decimal) { it: " + asked.replace(amount, "$amount") + " }")
    body = f'{{"query": {query}, "variables": {{"amount": {amount}}}}}'.encode()

    by_rest = boss.send("PATCH", f"/orders/{order}/payment", f'{{"status": "paid", "amount": {amount}}}'.encode())
    in_variables = boss.send("POST", URL, body)
    in_query = send(boss, f"mutation {{ it: {asked} }}")

    told = [json.loads(answer.content)["data"]["it"]["message"] for answer in (in_variables, in_query)]
    assert told == [json.loads(by_rest.content)["detail"]] * 2
    assert f"{amount} USD came in" in told[0]


def test_every_change_that_takes_a_version_is_made_with_the_one_that_was_read_alone(boss: Caller) -> None:
    level = make_level(on_hand=9)
    placed = place(boss, wanted(level))["order"]
    order = f'id: "{placed["id"]}"'
    seen = "OrderChanged { order { version } }"
    stock = f'adjustStock(id: "{level.pk}", quantity: 1, reason: "Found"'
    draft = f'id: "{drafted(boss, level)["id"]}"'
    saved = "DraftSaved { draft { version } }"

    changes: dict[str, tuple[str, str, type[Any]]] = {
        "updateOrder": (f'updateOrder({order}, input: {{metadata: {{till: "7"}}}}', seen, Order),
        "confirmPayment": (f"confirmPayment({order}", seen, Order),
        "advanceOrder": (f'advanceOrder({order}, status: "PROCESSING"', seen, Order),
        "adjustStock": (stock, "StockAdjusted { replayed }", StockLevel),
        "updateDraft": (f'updateDraft({draft}, input: {{note: "By Friday"}}', saved, Draft),
        "sendDraft": (f"sendDraft({draft}", saved, Draft),
        "orderDraft": (f"orderDraft({draft}", seen, Draft),
    }
    for name, (call, shown, model) in changes.items():
        version = model.objects.get().version
        stale = run(boss, f"{call}, version: {version + 1})", shown)
        assert (name, stale.get("code")) == (name, "stale_version"), stale
        assert "code" not in run(boss, f"{call}, version: {version})", shown), name
    unpaid = place(boss, wanted(level))["order"]
    cancel = f'cancelOrder(id: "{unpaid["id"]}", version:'
    unwanted = drafted(boss, level)
    decline = f'declineDraft(id: "{unwanted["id"]}", version:'
    for call, version, shown in ((cancel, unpaid["version"], seen), (decline, unwanted["version"], saved)):
        assert run(boss, f"{call} {version + 1})", shown)["code"] == "stale_version"
        assert "code" not in run(boss, f"{call} {version})", shown)
    takes = [name for name, field, _door in fields_with_doors("Mutation") if "version" in field.args]
    assert sorted(takes) == sorted([*changes, "cancelOrder", "declineDraft"])


def test_an_unpaid_order_is_cancelled(boss: Caller) -> None:
    level = make_level(on_hand=9)
    placed = place(boss, wanted(level))

    cancelled = run(boss, f'cancelOrder(id: "{placed["order"]["id"]}")', "OrderChanged { order { status } }")

    assert (cancelled["order"]["status"], balances(level.pk)) == ("CANCELLED", (9, 0))


def test_a_refusal_says_what_is_short_and_leaves_nothing(boss: Caller) -> None:
    level = make_level(on_hand=1)

    refusal = place(boss, wanted(level), "short")

    assert (refusal["__typename"], refusal["code"]) == ("InsufficientStock", "insufficient_stock")
    assert refusal["shortages"] == [{"sku": level.variant.sku, "requested": 2, "available": 1}]
    assert (Order.objects.count(), balances(level.pk)) == (0, (1, 0))
    assert place(boss, wanted(level, 1), "short")["replayed"] is False  # the key is still free
    assert place(boss, wanted(level, 1), "short")["code"] == "idempotency_key_reused"
    assert place(boss, {"items": []})["__typename"] == "InvalidInput"
    assert place(boss, wanted(level, 1), "a key with blanks")["__typename"] == "InvalidInput"


def test_rights_are_asked_aloud(db: None) -> None:
    level = make_level(on_hand=9)
    reader = machine(SuperuserFactory.create(), Scope.ORDERS_READ)

    body = ask(reader, PLACE, input=wanted(level), key=None)

    assert (body["data"]["placeOrder"], codes(body)) == (None, ["missing_scope"])
    assert send(Caller(), PLACE, input=wanted(level)).status_code == 401
    buyer = make_buyer()
    own = login(buyer.customer.user)
    mine = place(own, {"items": [{"variant": level.variant.sku, "quantity": 1}]})
    assert mine["order"]["customer"]["name"] == buyer.customer.name
    assert place(own, wanted(level))["code"] == "customer_not_found"


def test_stock_is_adjusted_once_under_a_key(boss: Caller) -> None:
    level = make_level(on_hand=5)
    call = f'adjustStock(id: "{level.pk}", quantity: -2, reason: "Broken", idempotencyKey: "b")'

    answers = [run(boss, call, "StockAdjusted { replayed movement { quantity onHandAfter } }") for _ in range(2)]

    assert [answer["replayed"] for answer in answers] == [False, True]
    assert answers[0]["movement"] == answers[1]["movement"] == {"quantity": -2, "onHandAfter": 3}
    assert balances(level.pk) == (3, 0)


def test_customers_are_made_and_changed(boss: Caller) -> None:
    shown = "CustomerSaved { customer { id name phone } }"

    ada = run(boss, 'createCustomer(input: {name: "Ada", email: "ada@example.com"})', shown)["customer"]
    called = run(boss, f'updateCustomer(id: "{ada["id"]}", input: {{phone: "+442079460000"}})', shown)
    wrong = run(boss, f'updateCustomer(id: "{ada["id"]}", input: {{email: "no"}})', shown)

    assert called["customer"] == {**ada, "phone": "+442079460000"}
    assert (wrong["code"], wrong["errors"][0]["pointer"]) == ("invalid", "/email")


def test_deals_and_tasks_are_made_and_moved(boss: Caller) -> None:
    deal = make_deal(make_buyer())
    lost = Stage.objects.get(pipeline=deal.pipeline, kind="lost")
    shown = "DealSaved { deal { id status lostReason customer { name } } }"

    move = f'moveDeal(id: "{deal.pk}", stage: "{lost.pk}"'
    assert run(boss, f"{move})", shown)["__typename"] in {"InvalidInput", "RequestRefused"}
    moved = run(boss, f'{move}, lostReason: "Too dear")', shown)["deal"]
    assert (moved["status"], moved["lostReason"]) == ("lost", "Too dear")
    made = run(boss, f'createDeal(input: {{title: "Chairs", customer: "{deal.customer_id}"}})', shown)["deal"]
    assert made["customer"] == {"name": deal.customer.name}

    shown = "TaskSaved { task { id doneAt deal { id } } }"
    task = run(boss, f'addTask(input: {{title: "Call", deal: "{made["id"]}"}})', shown)["task"]
    assert (task["doneAt"], task["deal"]) == (None, {"id": made["id"]})
    assert run(boss, f'completeTask(id: "{task["id"]}")', shown)["task"]["doneAt"]


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_with_one_key_place_one_order() -> None:
    level = make_level(on_hand=500)
    boss = machine(SuperuserFactory.create(), *Scope.values)
    body = wanted(level)

    answers = answers_together(*[lambda: send(boss, PLACE, input=body, key="rush") for _ in range(50)])

    placed = [json.loads(answer.content)["data"]["placeOrder"] for answer in answers]
    assert {each["order"]["id"] for each in placed} == {str(Order.objects.get().pk)}
    assert [each["replayed"] for each in placed].count(False) == 1
    assert balances(level.pk) == (500, 2)
