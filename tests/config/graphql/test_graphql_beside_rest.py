"""What hangs on a record is shown to each role, key and customer as REST shows it."""

import json
from decimal import Decimal
from uuid import uuid4

import pytest

from crm.services.timeline.add_activity import add_activity
from orders.models.dispute import DisputeKind
from orders.models.draft import Draft
from orders.models.order import Order
from orders.services.payments.record_dispute import ToldDispute, record_dispute
from orders.states import DisputeFunds, DisputeStatus
from shared.actor import SYSTEM
from tests.config.graphql.asking import (
    as_rest,
    codes,
    data_of,
    node_type,
    object_type,
    plain_selection,
    send,
)
from tests.config.graphql.callers import callers, fill_shop
from tests.shop.goods import make_level, make_level_of_another
from tests.shop.http.api_client import login, ok
from tests.shop.orders import order_of
from tests.shop.people import SuperuserFactory, make_buyer
from tests.shop.pictures import a_picture

# Lists of an order's detail, and what each is in GraphQL.
BENEATH = ("items", "payments", "reservations", "events", "adjustments", "disputes")


@pytest.fixture
def shop(db: None) -> None:
    fill_shop()


def test_what_hangs_on_an_order_is_what_rest_shows(shop: None) -> None:
    selections = " ".join(
        f"{name}(first: 100) {{ nodes {{ {plain_selection(node_type(object_type('Order').fields[name]))} }} }}"
        for name in BENEATH
    )
    query = f"query ($id: ID!) {{ order(id: $id) {{ {selections} }} }}"
    orders = Order.objects.whole().order_by("id")
    for who, caller in callers():
        for order in orders if who == "superuser" else orders[2:4]:  # refunded and shipped; disputed
            rest = caller.get(f"/orders/{order.pk}")
            answer = send(caller, query, id=str(order.pk))
            body = json.loads(answer.content)
            if rest.status_code != 200:
                assert json.loads(rest.content)["code"] in (codes(body) or [body.get("code")]), who
                continue
            shown, found = ok(rest), body["data"]["order"]
            for name in BENEATH:
                if found[name] is None:  # REST shows nothing of it, GraphQL says why
                    assert (shown[name], "permission_denied" in codes(body)) == ([], True), (who, name)
                    continue
                nodes = found[name]["nodes"]
                expected = [as_rest(nodes[0], row) for row in shown[name]] if nodes else shown[name]
                assert sorted(map(str, nodes)) == sorted(map(str, expected)), (who, name)


def test_a_draft_is_shown_with_what_it_would_cost_as_rest_shows_it(shop: None) -> None:
    kind = object_type("Draft")
    lines, worth = (plain_selection(node_type(kind.fields[name])) for name in ("lines", "worth"))
    query = (
        f"query ($id: ID!) {{ draft(id: $id) {{ {plain_selection(kind)} lines {{ nodes {{ {lines} }} }} "
        f"worth {{ {worth} }} }} }}"
    )
    drafts = list(Draft.objects.all())
    assert drafts
    for who, caller in callers():
        for draft in drafts:
            rest = caller.get(f"/drafts/{draft.pk}")
            body = json.loads(send(caller, query, id=str(draft.pk)).content)
            if rest.status_code != 200:
                assert json.loads(rest.content)["code"] in (codes(body) or [body.get("code")]), who
                continue
            found = body["data"]["draft"] | {"lines": body["data"]["draft"]["lines"]["nodes"]}
            assert found == as_rest(found, ok(rest)), who
            assert found["worth"]["total"], who


def test_pictures_and_comments_are_what_rest_shows(shop: None) -> None:
    picture, comment = (plain_selection(object_type(name)) for name in ("Picture", "Activity"))
    of_products = f"query ($id: ID!) {{ product(id: $id) {{ pictures {{ nodes {{ {picture} }} }} }} }}"
    of_orders = f"query ($id: ID!) {{ order(id: $id) {{ comments {{ nodes {{ {comment} }} }} }} }}"
    pictured = a_picture().product_id
    commented = Order.objects.whole().latest("id")
    add_activity(actor=SYSTEM, order_id=commented.pk, text="Її тут чекають")
    for who, caller in callers():
        if caller.get(f"/products/{pictured}").status_code == 200:
            shown = ok(caller.get(f"/products/{pictured}"))["pictures"]
            nodes = data_of(caller, of_products, id=str(pictured))["product"]["pictures"]["nodes"]
            assert nodes == [as_rest(nodes[0], each) for each in shown] != [], who
        rest = caller.get("/activities", order=str(commented.pk))
        body = json.loads(send(caller, of_orders, id=str(commented.pk)).content)
        if rest.status_code == 200 and body["data"]["order"] is not None:
            nodes = body["data"]["order"]["comments"]["nodes"]
            assert nodes == [as_rest(nodes[0], each) for each in ok(rest)["results"]] != [], who
        else:
            assert (body.get("data") or {"order": None})["order"] in (None, {"comments": None}), who
            assert codes(body) or body["code"] == "not_authenticated", who


def test_disputes_are_shown_while_they_leave_a_flag_and_with_each_part_of_the_order(shop: None) -> None:
    buyer = make_buyer()
    settled = order_of(buyer, (make_level(on_hand=9), 1))
    split = order_of(buyer, (make_level(on_hand=9), 1), (make_level_of_another(on_hand=9), 1))
    for order in (settled, split):
        told = ToldDispute("sandbox", str(order.pk), Decimal(1), DisputeStatus.WON, DisputeFunds.HERE, "fraudulent")
        record_dispute(order_id=order.pk, intent_id=uuid4(), told=told)
    settled.disputes.update(kind=DisputeKind.OVER_REFUND)
    Order.objects.filter(pk=settled.pk).update(dispute="")
    shown = "disputes { nodes { providerId } }"
    query = f"query ($id: ID!) {{ order(id: $id) {{ {shown} subOrders {{ nodes {{ id {shown} }} }} }} }}"

    for caller in (login(SuperuserFactory.create()), login(buyer.customer.user)):
        for order, count in ((settled, 0), (split, 1), *((part, 1) for part in split.sub_orders.all())):
            rest = [each["provider_id"] for each in ok(caller.get(f"/orders/{order.pk}"))["disputes"]]
            found = data_of(caller, query, id=str(order.pk))["order"]
            assert [each["providerId"] for each in found["disputes"]["nodes"]] == rest, order.number
            assert len(rest) == count, order.number
        parts = data_of(caller, query, id=str(split.pk))["order"]["subOrders"]["nodes"]
        assert [part["disputes"]["nodes"] for part in parts] == [[{"providerId": str(split.pk)}]] * 2
