"""The feed as colleagues read it in the admin."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from catalog.models.seller_member import SellerMember
from events.models.event import Event
from events.services.sequence_events import sequence_events
from tests.shop.goods import make_level, make_seller, make_variant, stock_at
from tests.shop.http.admin_pages import list_url, page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.user import User

pytestmark = pytest.mark.django_db
LIST = "/admin/events/event/"


@pytest.fixture
def order() -> Any:
    order = order_of(make_buyer(), (make_level(on_hand=5), 2))
    sequence_events()
    return order


def in_role(role: str) -> User:
    user = User.objects.create_user(f"{role}@example.com", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def positions(client: Client, **asked: Any) -> list[int]:
    """Those on the list, as it shows them."""
    answer = client.get(list_url(Event), asked)
    assert answer.status_code == 200
    return [event.position for event in answer.context["cl"].result_list]


def html(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_the_newest_come_first_and_lead_to_their_records(order: Any) -> None:
    boss = signed_in(superuser())

    page = html(boss, LIST)

    told = list(Event.objects.order_by("-position").values_list("position", flat=True))
    assert positions(boss) == told[:25]
    assert reverse("admin:orders_order_change", args=[order.pk]) in page
    placed = Event.objects.get(type="order.placed")
    assert boss.get(reverse("admin:orders_order_change", args=[placed.aggregate_id])).status_code == 200
    assert "order.placed" in text_of(boss.get(page_url(placed)))


def test_it_is_filtered_by_type_and_found_by_position_and_record(order: Any) -> None:
    boss = signed_in(superuser())
    placed = Event.objects.get(type="order.placed")

    assert positions(boss, type="order.placed") == [placed.position]
    assert positions(boss, type="order.sung") == []
    assert positions(boss, q=2) == [2, 1]
    assert positions(boss, q=str(order.pk)) == [placed.position]
    assert [positions(boss, q=nothing) for nothing in ("0", "-1", "Ann", "²")] == [[]] * 4
    assert len(positions(boss, q="9" * 40)) == len(positions(boss))


def test_events_are_only_read(order: Any) -> None:
    boss, event = signed_in(superuser()), Event.objects.get(type="order.placed")

    assert boss.get(f"{LIST}add/").status_code == 403
    assert boss.post(page_url(event), {"type": "order.paid"}).status_code == 403
    assert boss.post(page_url(event, "delete"), {"post": "yes"}).status_code == 403


def test_a_role_sees_the_events_of_what_it_may_view(order: Any) -> None:
    theirs = make_seller("North", priority=200)
    mug = make_variant()
    stock_at(mug, 5, theirs)
    sequence_events()
    member = in_role("seller")
    SellerMember.objects.create(user=member, seller=theirs)
    hidden = Event.objects.get(type="order.placed")

    seller, warehouse = signed_in(member), signed_in(in_role("warehouse"))

    assert hidden.position not in positions(seller, type="order.placed")
    assert hidden.position in positions(warehouse, type="order.placed")
    assert seller.get(page_url(hidden)).status_code == 302, "as of what is not there"
    shown = Event.objects.filter(position__in=positions(seller), aggregate_type="stock_level")
    assert {event.seller_id for event in shown} == {theirs.pk}
    assert LIST in html(warehouse, "/admin/")


def test_the_menu_leads_there_whoever_may_see_it() -> None:
    nobody = User.objects.create_user("nobody@example.com", is_staff=True)

    assert signed_in(nobody).get(LIST).status_code == 403
    assert LIST not in html(signed_in(nobody), "/admin/")
