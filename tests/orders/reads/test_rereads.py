"""An order that is asked for again with its tag: 304 without reading it, to whoever still sees just what they saw."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models.seller_member import SellerMember
from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.services.payments.confirm_payment import confirm_payment
from shared.actor import SYSTEM
from tests.shop.goods import make_level, make_seller
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller, login, ok, refused
from tests.shop.orders import order_of
from tests.shop.people import StaffFactory, SuperuserFactory, make_buyer
from users.models.role import Role
from users.models.user import User


@pytest.fixture
def level(db: None) -> StockLevel:
    return make_level(on_hand=9, price="10.00")


@pytest.fixture
def order(level: StockLevel) -> Order:
    """Paid."""
    order = order_of(make_buyer(), (level, 3))
    confirm_payment(order_id=order.pk, actor=SYSTEM, reference="IBAN 4711")
    return order


def colleague(*roles: str) -> User:
    user = StaffFactory.create()
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def again(caller: Caller, path: str, tag: str) -> Answer:
    return caller.send("GET", path, headers={"If-None-Match": tag})


def test_nothing_of_the_order_is_read_for_whoever_has_it(order: Order) -> None:
    boss, path = login(SuperuserFactory.create()), f"/orders/{order.pk}"
    whole = boss.get(path)
    sparse = boss.get(path, fields="id,total")

    with CaptureQueriesContext(connection) as asked:
        unchanged = again(boss, path, whole["ETag"])

    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", whole["ETag"])
    assert len(asked) == 2, "who asks, and the version"
    assert again(boss, path, f'"other", W/{whole["ETag"]}').status_code == 304
    assert again(boss, path, "*").status_code == 304
    assert again(boss, f"{path}?fields=id,total", sparse["ETag"]).status_code == 304
    assert boss.send("HEAD", path, headers={"If-None-Match": whole["ETag"]}).status_code == 304
    for other in ('"99"', '"other"', "unquoted", ""):
        assert ok(again(boss, path, other)) == ok(whole), other
    refused(again(boss, f"{path}?colour=red", whole["ETag"]), 400, "invalid")


def test_a_tag_opens_no_order(order: Order) -> None:
    path, customer = f"/orders/{order.pk}", login(order.customer.user)
    tag = customer.get(path)["ETag"]
    assert again(customer, path, tag).status_code == 304

    for none_of_theirs in (tag, "*"):
        refused(again(login(make_buyer().customer.user), path, none_of_theirs), 404, "not_found")
        refused(again(login(colleague()), path, none_of_theirs), 403, "permission_denied")
        refused(again(Caller(), path, none_of_theirs), 401, "not_authenticated")
        refused(again(customer, "/orders/00000000-0000-7000-8000-000000000000", none_of_theirs), 404, "not_found")
    Order.objects.filter(pk=order.pk).update(status="DELIVERED", deleted_at=order.created_at)
    for each in (customer, login(SuperuserFactory.create())):
        refused(again(each, path, tag), 404, "not_found")


def test_what_a_role_sees_less_of_has_a_tag_of_its_own_until_it_sees_more(order: Order) -> None:
    path, packer = f"/orders/{order.pk}", colleague("warehouse")
    full, part = login(SuperuserFactory.create()).get(path), login(packer).get(path)
    assert (ok(part)["payments"], part["ETag"] != full["ETag"]) == ([], True)
    assert again(login(packer), path, part["ETag"]).status_code == 304
    assert ok(again(login(packer), path, full["ETag"])) == ok(part), "another's tag brings no 304"

    Group.objects.get(name="warehouse").permissions.add(Permission.objects.get(codename="view_payment"))

    more = again(login(packer), path, part["ETag"])
    assert [each["reference"] for each in ok(more)["payments"]] == ["IBAN 4711"]
    assert more["ETag"] not in {part["ETag"], full["ETag"]}


@pytest.mark.parametrize("place", [0, 1])
def test_a_tag_of_a_part_and_the_version_alone_are_both_taken_back(order: Order, place: int) -> None:
    packer, path = login(colleague("warehouse", "sales")), f"/orders/{order.pk}"
    read = packer.get(path)
    sent = (read["ETag"], f'"{ok(read)["version"]}"')[place]

    changed = packer.patch(f"{path}/status", {"status": "PROCESSING"}, if_match=sent)

    assert ok(changed)["status"] == "PROCESSING"
    assert changed["ETag"] == packer.get(path)["ETag"], "the same tag wherever it is shown"
    refused(packer.patch(f"{path}/status", {"status": "SHIPPED"}, if_match=sent), 412, "stale_version")


def test_a_sellers_people_have_another_tag_once_they_reach_other_sellers(order: Order) -> None:
    Role.objects.filter(key="finance").update(only_own_sellers=True)
    clerk, path = colleague("finance"), f"/orders/{order.pk}"
    refused(again(login(clerk), path, "*"), 404, "not_found")
    seller = OrderItem.objects.get(order=order).seller_id
    member = SellerMember.objects.create(user=clerk, seller_id=seller)
    first = login(clerk).get(path)
    assert again(login(clerk), path, first["ETag"]).status_code == 304

    SellerMember.objects.create(user=clerk, seller=make_seller("North", priority=9))
    assert login(clerk).get(path)["ETag"] != first["ETag"]
    member.delete()
    refused(again(login(clerk), path, first["ETag"]), 404, "not_found")
