"""GraphQL shows each role, key and customer the rows and fields that REST shows them, and refuses the rest aloud."""

import json

import pytest
from django.contrib.auth.models import Group

from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from orders.models.order import Order
from tests.config.graphql.asking import (
    as_rest,
    ask,
    codes,
    data_of,
    fields_with_doors,
    node_type,
    plain_selection,
    send,
)
from tests.config.graphql.callers import callers, fill_shop
from tests.shop.http.api_client import login, machine, ok, refused
from tests.shop.people import CustomerFactory, SuperuserFactory, make_buyer
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
    "drafts": "/drafts",
    "deals": "/deals",
    "tasks": "/tasks",
    "activities": "/activities",
}


@pytest.fixture
def shop(db: None) -> None:
    fill_shop()


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
