"""GraphQL shows each role, key and customer the rows and fields that REST shows them, and refuses the rest aloud."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group

from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from catalog.models.variant import Variant
from crm.models.deal import Deal
from orders.models.dispute import DisputeKind
from orders.models.order import Order
from orders.services.payments.record_dispute import ToldDispute, record_dispute
from orders.states import DisputeFunds, DisputeStatus
from shared.actor import SYSTEM
from tests.config.graphql.asking import (
    as_rest,
    ask,
    camel,
    codes,
    data_of,
    fields_with_doors,
    node_type,
    object_type,
    plain_selection,
    send,
)
from tests.shop.admin_rows import make_one_of_each
from tests.shop.every_table.crm import fill_crm
from tests.shop.goods import make_level, make_level_of_another
from tests.shop.http.api_client import Caller, login, machine, ok, refused
from tests.shop.orders import order_of
from tests.shop.people import Buyer, CustomerFactory, SuperuserFactory, make_buyer
from users.access.roles import ROLES
from users.models.api_key import Scope
from users.models.role import AccessLevel, Role
from users.models.user import User

LISTS = {
    "products": "/products",
    "variants": "/variants",
    "sellers": "/sellers",
    "stockLevels": "/stock-levels",
    "customers": "/customers",
    "companies": "/companies",
    "orders": "/orders",
    "deals": "/deals",
    "tasks": "/tasks",
}
# Lists of an order's detail, and what each is in GraphQL.
BENEATH = ("items", "payments", "reservations", "events", "adjustments", "disputes")


@pytest.fixture
def shop(db: None) -> None:
    make_one_of_each("shop")
    deal = Deal.objects.latest("id")
    fill_crm(Buyer(deal.customer, SYSTEM), deal, variant_id=Variant.objects.latest("id").pk)
    Variant.objects.filter(pk=Variant.objects.earliest("id").pk).update(is_active=False)
    CustomerFactory.create(owner=User.objects.create_user("another@example.com", is_staff=True))


def callers() -> Iterator[tuple[str, Caller]]:
    yield "nobody", Caller()
    yield "superuser", login(SuperuserFactory.create())
    yield "staff without a role", login(User.objects.create_user("plain@example.com", is_staff=True))
    for role in ROLES:
        user = User.objects.create_user(f"{role.key}@roles.example", is_staff=True)
        user.groups.add(Group.objects.get(name=role.key))
        if role.only_own_sellers:
            SellerMember.objects.create(user=user, seller=Seller.objects.earliest("id"))
        yield role.key, login(user)
    buyer = Order.objects.earliest("id").customer
    yield "a customer", login(buyer.user or _login_of(buyer))
    boss = SuperuserFactory.create()
    for scope in (Scope.ORDERS_READ, Scope.CUSTOMERS_READ, Scope.STOCK_READ, Scope.CRM_READ, Scope.ORDERS_WRITE):
        yield f"key with {scope}", machine(boss, scope)


def _login_of(customer: Any) -> User:
    customer.user = User.objects.create_user("buyer.login@example.com")
    customer.save()
    return customer.user


def test_every_list_shows_each_caller_what_rest_shows_field_by_field(shop: None) -> None:
    lists = {name: (field, door) for name, field, door in fields_with_doors("Query") if name in LISTS}
    assert lists.keys() == LISTS.keys()

    for who, caller in callers():
        for name, path in LISTS.items():
            rest = caller.get(path, limit=100)
            selection = plain_selection(node_type(lists[name][0]))
            answer = send(caller, f"{{ {name}(first: 100) {{ nodes {{ {selection} }} }} }}")
            body = json.loads(answer.content)
            if rest.status_code == 200:
                shown = ok(rest)["results"]
                nodes = body["data"][name]["nodes"]
                assert nodes == [as_rest(node, row) for node, row in zip(nodes, shown, strict=True)], (who, name)
            elif rest.status_code == 401:
                assert (answer.status_code, body["code"]) == (401, json.loads(rest.content)["code"]), (who, name)
            else:
                assert body["data"] == {name: None}, (who, name)
                assert codes(body) == [json.loads(rest.content)["code"]], (who, name)


# What GraphQL does not show yet. This list only shrinks.
NOT_YET = {"products": {"pictures"}}


def test_no_field_that_rest_shows_is_missing(shop: None) -> None:
    boss = login(SuperuserFactory.create())
    for name, path in {**LISTS, "order": f"/orders/{Order.objects.latest('id').pk}"}.items():
        shown = ok(boss.get(path))
        row = shown["results"][0] if "results" in shown else shown
        field = next(field for each, field, _door in fields_with_doors("Query") if each == name)
        there = node_type(field).fields
        missing = {key for key in row if not {camel(key), camel(f"{key}_id")} & there.keys()}
        assert missing == NOT_YET.get(name, set()), name


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


def test_edges_to_other_records_ask_for_the_right_to_those(shop: None) -> None:
    key = machine(SuperuserFactory.create(), Scope.ORDERS_READ)

    body = ask(key, "{ orders(first: 1) { nodes { number customer { name } shipments { nodes { id } } } } }")

    [order] = body["data"]["orders"]["nodes"]
    assert order["number"]
    assert order["customer"] is None
    assert codes(body) == ["missing_scope"]


def test_another_ones_row_is_not_found(shop: None) -> None:
    colleague = User.objects.create_user("own@example.com", is_staff=True)
    group = Group.objects.create(name="own only")
    group.permissions.set(Group.objects.get(name="manager").permissions.all())
    colleague.groups.add(group)
    Role.objects.update_or_create(group=group, defaults={"sees": AccessLevel.OWN, "changes": AccessLevel.OWN})
    other = CustomerFactory.create(owner=User.objects.get(email="another@example.com"))
    order = Order.objects.whole().latest("id")
    order.customer.owner = other.owner
    order.customer.save()

    caller = login(colleague)
    refused(caller.get(f"/customers/{other.pk}"), 404, "not_found")
    body = ask(caller, "query ($id: ID!) { customer(id: $id) { name } }", id=str(other.pk))
    assert (body["data"], codes(body)) == ({"customer": None}, ["not_found"])
    body = ask(caller, "query ($id: ID!) { order(id: $id) { number customer { name } } }", id=str(order.pk))
    assert (body["data"]["order"], codes(body)) == ({"number": order.number, "customer": None}, ["not_found"])


def test_a_sellers_people_see_their_part_at_every_edge(shop: None) -> None:
    user = User.objects.create_user("theirs@example.com", is_staff=True)
    user.groups.add(Group.objects.get(name="seller"))
    theirs = Seller.objects.latest("id")
    SellerMember.objects.create(user=user, seller=theirs)

    shown = data_of(
        login(user),
        "{ orders(first: 50) { nodes { items { nodes { sellerId } } } }"
        " stockLevels(first: 50) { nodes { sellerId variant { stockLevels { nodes { sellerId } } } } } }",
    )

    levels = shown["stockLevels"]["nodes"]
    levels = levels + [level for each in levels for level in each["variant"]["stockLevels"]["nodes"]]
    lines = [line for order in shown["orders"]["nodes"] for line in order["items"]["nodes"]]
    assert {row["sellerId"] for row in lines + levels} <= {str(theirs.pk)}


def test_an_order_behind_an_edge_is_there_for_whom_rest_shows_it(shop: None) -> None:
    order = Order.objects.whole().latest("id")
    stranger = login(make_buyer().customer.user)
    seller = User.objects.create_user("stranger@example.com", is_staff=True)
    seller.groups.add(Group.objects.get(name="seller"))  # of no seller at all
    query = "query ($id: ID!) { order(id: $id) { number } }"

    for caller in (stranger, login(seller)):
        refused(caller.get(f"/orders/{order.pk}"), 404, "not_found")
        body = ask(caller, query, id=str(order.pk))
        assert (body["data"], codes(body)) == ({"order": None}, ["not_found"])
