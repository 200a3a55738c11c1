"""An endpoint is sent what its owner may see, as GET /events shows it, and no more."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission

from catalog.models.seller_member import SellerMember
from events.feed.reading import last_position
from events.services.sequence_events import sequence_events
from shared.clock import database_now
from tests.shop.goods import for_sale, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, login, machine, ok
from tests.shop.http.order_actions import paid, refund
from tests.shop.people import SuperuserFactory
from tests.webhooks.endpoints import endpoint_at, read
from users.models.api_key import Scope
from users.models.user import User
from users.services.revoke_api_key import revoke_api_key
from webhooks.models.delivery import Delivery
from webhooks.sending.post import Post
from webhooks.sending.rounds import Rounds
from webhooks.services.record_attempts import Outcome, record_attempts
from webhooks.services.save_endpoint import create_endpoint

pytestmark = pytest.mark.django_db
URL = "https://example.com/hook"
LISTENS = (Scope.EVENTS_READ, Scope.WEBHOOKS_WRITE)


def sent_to(*endpoints: dict[str, Any]) -> list[dict[str, Any]]:
    """What a sender would post now, and to one of these, taken as delivered."""
    sequence_events()
    rounds, posts = Rounds(), list[Post]()
    for _ in range(40):
        new = rounds.run({}, {}, 1_000)
        posts += new
        if not new:
            break
        for post in new:
            outcome = Outcome(post.delivery_id, database_now(), 1, status=200)
            record_attempts(endpoint_id=post.endpoint_id, outcomes=[outcome], now=database_now())
    wanted = {one["id"] for one in endpoints}
    return [json.loads(post.body) for post in posts if str(post.endpoint_id) in wanted]


def in_role(role: str) -> Caller:
    """With the right to have endpoints."""
    user = User.objects.create_user(f"{role}@example.com", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    user.user_permissions.add(*Permission.objects.filter(content_type__app_label="webhooks"))
    return login(user)


@pytest.mark.parametrize("role", ["sales", "warehouse", "finance", "manager", "seller"])
def test_each_role_is_sent_what_the_feed_shows_it(staff: Caller, role: str, order_for: Any) -> None:
    caller = in_role(role)
    north = make_seller("North", priority=200)
    SellerMember.objects.create(user=caller.user, seller=north)
    after, endpoint = last_position(), endpoint_at(caller, URL)
    mug = make_variant(price="7.00")
    stock_at(mug, 5, north)
    whole = paid(staff, order_for((for_sale(on_hand=5), 2), (mug, 3, north)))
    for part in ok(staff.get("/orders", parent=whole["id"]))["results"]:
        ok(refund(staff, staff.read(part), 1), 201)
    ok(staff.post("/leads", {"name": "Ann Bell"}), 201)

    sent = sent_to(endpoint)

    shown = ok(caller.get("/events", after=after, limit=500))["events"]
    assert sorted(sent, key=lambda event: event["position"]) == shown
    assert shown
    if role == "seller":
        of_sellers = [event for event in sent if event["aggregate"]["type"] in ("order", "stock_level")]
        assert {event["type"] for event in of_sellers} == {"order.placed", "order.paid", "stock.changed"}
        assert len({event["aggregate"]["id"] for event in of_sellers}) == 2
    assert "Ann" not in json.dumps(sent)


def test_nothing_is_sent_while_the_owner_is_inactive_and_nothing_is_lost(staff: Caller, order_for: Any) -> None:
    boss = login(SuperuserFactory.create())
    endpoint = endpoint_at(boss, URL, "order.*")
    paid(staff, order_for((for_sale(), 1)))
    User.objects.filter(pk=boss.user.pk).update(is_active=False)
    assert sent_to(endpoint) == []

    User.objects.filter(pk=boss.user.pk).update(is_active=True)

    assert [event["type"] for event in sent_to(endpoint)] == ["order.placed", "order.paid"]


def test_nothing_is_sent_once_the_key_that_made_it_is_revoked(staff: Caller, order_for: Any) -> None:
    key = machine(SuperuserFactory.create(), *LISTENS)
    endpoint = endpoint_at(key, URL, "order.*")
    paid(staff, order_for((for_sale(), 1)))
    revoke_api_key(api_key=key.api_key)

    assert sent_to(endpoint) == []


def test_what_a_right_was_lost_for_is_not_sent(staff: Caller, order_for: Any) -> None:
    """Also where its delivery waits already."""
    caller = in_role("sales")
    endpoint = endpoint_at(caller, URL, "order.*")
    paid(staff, order_for((for_sale(), 1)))
    sequence_events()
    (first,) = [post for post in Rounds().run({}, {}, 1) if str(post.endpoint_id) == endpoint["id"]]
    assert json.loads(first.body)["type"] == "order.placed"
    caller.user.groups.set([Group.objects.get(name="warehouse")])
    caller.user.user_permissions.set([])
    Group.objects.get(name="warehouse").permissions.set([Permission.objects.get(codename="view_event")])

    assert sent_to(endpoint) == []
    assert read(staff, endpoint)["state"] == "enabled"


def test_events_wait_for_an_owner_who_may_not_read_them_for_a_while(staff: Caller, order_for: Any) -> None:
    caller = in_role("sales")
    endpoint = endpoint_at(caller, URL, "order.*")
    role = Group.objects.get(name="sales")
    paid(staff, order_for((for_sale(), 1)))
    sequence_events()
    assert [json.loads(post.body)["type"] for post in Rounds().run({}, {}, 1)] == ["order.placed"]
    Delivery.objects.update(leased_until=None, due_at=database_now())  # its lease has ended
    caller.user.groups.clear()
    assert sent_to(endpoint) == []
    assert read(staff, endpoint)["state"] == "paused"

    caller.user.groups.add(role)

    assert [event["type"] for event in sent_to(endpoint)] == ["order.placed", "order.paid"]
    assert read(staff, endpoint)["state"] == "enabled"


def test_nothing_is_sent_for_a_key_that_may_not_read_events(staff: Caller, order_for: Any) -> None:
    key = machine(SuperuserFactory.create(), Scope.WEBHOOKS_WRITE)
    made, _ = create_endpoint(owner=key.user, url=URL, types=["order.*"], api_key_id=key.api_key.pk)
    paid(staff, order_for((for_sale(), 1)))

    assert sent_to({"id": str(made.pk)}) == []


def test_the_record_is_sent_as_its_owner_may_see_it(staff: Caller, order_for: Any) -> None:
    caller, boss = in_role("sales"), SuperuserFactory.create()
    narrow, wide = machine(boss, *LISTENS), machine(boss, *LISTENS, Scope.ORDERS_READ)
    thin = endpoint_at(caller, URL, "order.placed")
    full = endpoint_at(caller, URL, "order.placed", include="object")
    of_narrow = endpoint_at(narrow, URL, "order.placed", include="object")
    of_wide = endpoint_at(wide, URL, "order.placed", include="object")
    order = paid(staff, order_for((for_sale(), 1)))
    sequence_events()

    by_endpoint = {str(post.endpoint_id): json.loads(post.body) for post in Rounds().run({}, {}, 100)}

    assert "object" not in by_endpoint[thin["id"]]
    assert by_endpoint[full["id"]]["object"] == caller.read(order)
    assert by_endpoint[of_wide["id"]]["object"] == wide.read(order)
    assert by_endpoint[of_narrow["id"]]["object"] is None
    assert by_endpoint[of_narrow["id"]]["data"] == by_endpoint[thin["id"]]["data"]
