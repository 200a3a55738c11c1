"""Drafts, addresses of orders, comments and deals by GraphQL: what REST's routes do, and their refusals."""

from typing import Any

import pytest

from crm.models.activity import Activity
from orders.models.draft import Draft
from orders.models.order import Order
from tests.config.graphql.asking import ask, codes
from tests.config.graphql.test_graphql_changes import place, run, wanted
from tests.shop.admin_rows import make_deal
from tests.shop.goods import balances, make_level
from tests.shop.http.api_client import NOBODYS, Caller, machine, ok
from tests.shop.people import SuperuserFactory, make_buyer
from users.models.api_key import Scope

KYIV = 'country: "UA", lines: ["Хрещатик 1"], city: "Київ", postalCode: "01001"'


@pytest.fixture
def boss(db: None) -> Caller:
    return machine(SuperuserFactory.create(), *Scope.values)


def test_a_quote_is_made_changed_sent_and_ordered_once(boss: Caller) -> None:
    level, buyer = make_level(on_hand=9), make_buyer()
    line = f'{{variant: "{level.variant_id}", quantity: 2, agreedPrice: "3.50"}}'
    shown = (
        "DraftSaved { draft { id status version deliveryAddress { city } lines { nodes { agreedPrice } } "
        "worth { total lines problem } } }"
    )

    made = run(
        boss,
        f'createDraft(input: {{kind: "quote", customer: "{buyer.customer.pk}", lines: [{line}], '
        f"deliveryAddress: {{{KYIV}}}}})",
        shown,
    )["draft"]
    draft = f'id: "{made["id"]}"'
    changed = run(boss, f'updateDraft({draft}, input: {{deliveryAddress: null, note: "By Friday"}})', shown)["draft"]
    sent = run(boss, f"sendDraft({draft})", shown)["draft"]
    orders = [
        run(boss, f"orderDraft({draft})", "OrderChanged { order { id total items { nodes { quantity } } } }")
        for _ in "ab"
    ]

    assert (made["status"], made["deliveryAddress"], changed["deliveryAddress"]) == ("open", {"city": "Київ"}, None)
    assert made["lines"]["nodes"] == [{"agreedPrice": "3.50"}]
    assert (made["worth"]["problem"], changed["worth"]) == ("", made["worth"])
    assert sent["status"] == "sent"
    assert orders[0] == orders[1]
    assert orders[0]["order"]["total"] == made["worth"]["total"]
    assert (Order.objects.count(), balances(level.pk)) == (1, (9, 2))
    assert run(boss, f"declineDraft({draft})", shown)["__typename"] == "RequestRefused"


def test_a_draft_is_refused_as_rest_refuses_it(boss: Caller) -> None:
    level, buyer = make_level(on_hand=1), make_buyer()
    shown = "DraftSaved { draft { id } }"
    line = f'{{variant: "{level.variant_id}", quantity: 2, agreedPrice: "3.50"}}'
    call = f'createDraft(input: {{customer: "{buyer.customer.pk}", lines: [{line}]}})'
    short = "... on InsufficientStock { shortages { requested available } } ... on OrderChanged { order { id } }"

    made = run(boss, call, shown)["draft"]
    query = f'mutation {{ orderDraft(id: "{made["id"]}") {{ __typename {short} }} }}'
    refused = ask(boss, query)["data"]["orderDraft"]
    no_prices = machine(SuperuserFactory.create(), Scope.ORDERS_READ, Scope.ORDERS_WRITE)
    body = ask(no_prices, f"mutation {{ {call} {{ __typename }} }}")

    assert refused["shortages"] == [{"requested": 2, "available": 1}]
    assert (body["data"], codes(body)) == ({"createDraft": None}, ["missing_scope"])
    assert run(boss, f'updateDraft(id: "{NOBODYS}", input: {{note: "x"}})', shown)["__typename"] == "RequestRefused"
    wrong = run(boss, f'createDraft(input: {{customer: "{buyer.customer.pk}", kind: "wish"}})', shown)
    assert [fault["pointer"] for fault in wrong["errors"]] == ["/kind"]
    assert (Draft.objects.count(), Order.objects.count()) == (1, 0)


def test_the_address_of_an_order_is_changed_and_taken_away(boss: Caller) -> None:
    level = make_level(on_hand=9)
    address = {"country": "UA", "lines": ["Хрещатик 1"], "city": "Київ", "postalCode": "01001"}
    order = place(boss, wanted(level) | {"deliveryAddress": address})["order"]
    shown = (
        "OrderChanged { order { metadata deliveryAddress { city lines postalCode country } billingAddress { city } } }"
    )

    def update(given: str) -> Any:
        return run(boss, f'updateOrder(id: "{order["id"]}", input: {{{given}}})', shown)

    billed = update(f'billingAddress: {{{KYIV}}}, metadata: {{till: "7"}}')["order"]
    rest = ok(boss.get(f"/orders/{order['id']}"))
    gone = update("billingAddress: null")["order"]
    wrong = update('deliveryAddress: {country: "UA", city: "Київ"}')

    assert billed == {"metadata": {"till": "7"}, "deliveryAddress": address, "billingAddress": {"city": "Київ"}}
    assert rest["billing_address"]["city"] == "Київ"
    assert gone == billed | {"billingAddress": None}
    assert wrong["__typename"] == "InvalidInput"
    assert {fault["pointer"] for fault in wrong["errors"]} >= {"/delivery_address/lines"}


def test_an_order_is_commented_on_once_under_a_key(boss: Caller) -> None:
    order = place(boss, wanted(make_level(on_hand=9)))["order"]
    call = f'addActivity(input: {{order: "{order["id"]}", text: "Call first"}}, idempotencyKey: "c")'
    shown = "ActivityAdded { replayed activity { text order { comments { nodes { text } } } } }"

    said = [run(boss, call, shown) for _ in "ab"]

    assert [each["replayed"] for each in said] == [False, True]
    comments = said[0]["activity"]["order"]["comments"]["nodes"]
    assert comments == [{"text": "Call first"}]
    assert Activity.objects.exclude(kind="change").filter(order=order["id"]).count() == 1


def test_a_deals_lines_become_an_order(boss: Caller) -> None:
    level, deal = make_level(on_hand=9), make_deal(make_buyer())
    shown = "DealSaved { deal { title value status order { items { nodes { sku quantity } } } } }"
    named = f'id: "{deal.pk}"'

    titled = run(boss, f'updateDeal({named}, input: {{title: "Chairs"}})', shown)["deal"]
    line = f'{{variant: "{level.variant_id}", quantity: 2}}'
    lined = run(boss, f"setDealLines({named}, lines: [{line}])", shown)["deal"]
    won = run(boss, f"orderDeal({named})", shown)["deal"]

    assert (titled["title"], lined["order"]) == ("Chairs", None)
    assert won["status"] == "won"
    assert won["order"]["items"]["nodes"] == [{"sku": level.variant.sku, "quantity": 2}]
    task = run(boss, f'addTask(input: {{title: "Call", deal: "{deal.pk}"}})', "TaskSaved { task { id } }")["task"]
    call = f'updateTask(id: "{task["id"]}", input: {{title: "Write"}})'
    assert run(boss, call, "TaskSaved { task { title } }")["task"] == {"title": "Write"}
