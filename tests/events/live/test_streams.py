"""Events as they happen, to whoever may see them."""

import json
from contextlib import closing
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from crm.models.task import Task
from events.services.sequence_events import sequence_events
from tests.events.live.listening import Live, many_events
from tests.shop.goods import for_sale, make_level, make_seller, make_variant, stock_at
from tests.shop.http.api_client import Caller, login, machine, ok
from tests.shop.orders import order_of
from tests.shop.people import CustomerFactory, make_buyer
from users.models.api_key import Scope
from users.models.role import AccessLevel
from users.models.user import User

ROLES = ("sales", "warehouse", "finance", "seller", "manager", "admin")


@pytest.fixture
def key(live: Live, staff: Caller) -> str:
    return str(machine(staff.user, Scope.EVENTS_READ).authorization)


def place() -> str:
    order = order_of(make_buyer(), (make_level(on_hand=5), 1))
    sequence_events()
    return str(order.pk)


def feed_of(caller: Caller, **asked: Any) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = ok(caller.get("/events", limit=500, **asked))["events"]
    return events


def test_an_order_is_told_as_the_feed_shows_it_over_both_ways(live: Live, key: str, staff: Caller) -> None:
    with (
        closing(live.events(key, types="order.*")) as stream,
        connect(f"ws://127.0.0.1:{live.port}/live/ws", additional_headers={"Authorization": key}) as link,
    ):
        link.send(json.dumps({"types": ["order.*"], "after": "latest"}))
        link.ping().wait(30)
        first = place()
        told, message = stream.next(), json.loads(link.recv(timeout=30))

    assert (shown := feed_of(staff, types="order.*")) == [told] == [message]
    assert shown[0]["aggregate"]["id"] == first
    assert stream.names == ["order.placed"]
    assert stream.last_id == shown[0]["position"]
    assert stream.answer.headers["Content-Type"].startswith("text/event-stream")
    assert stream.answer.headers["X-Accel-Buffering"] == "no"


def test_who_comes_back_is_told_what_was_missed_and_nothing_twice(live: Live, key: str) -> None:
    with closing(live.events(key)) as stream:
        place()
        before = [stream.next()]
        last = stream.last_id
    missed = many_events(2_500)
    with closing(live.events(key, last=last, after="0")) as stream:
        told = stream.until(missed)
        last = many_events(3)
        told += stream.until(last)

    assert before[0] is not None
    assert [event["position"] for event in told] == list(range(before[0]["position"] + 1, last + 1))


def of_everything(staff: Caller) -> None:
    """Events of every kind, of others and of two sellers."""
    ok(staff.post("/customers", {"name": "Ann", "email": f"ann{CustomerFactory.create().pk}@example.com"}), 201)
    task = Task.objects.create(title="Call", assignee=User.objects.create_user(f"{make_buyer().customer.pk}@e.com"))
    task.delete()
    mug, north = make_variant(), make_seller(f"North {task.title} {make_variant().sku}", priority=200)
    stock_at(mug, 5, north)
    order_of(make_buyer(), (make_level(on_hand=5), 1))
    for_sale(on_hand=3)
    sequence_events()


def test_each_role_is_told_what_the_feed_shows_it_then_and_later(live: Live, staff: Caller) -> None:
    group = Group.objects.get(name="sales")
    group.role.sees = AccessLevel.OWN
    group.role.save()
    callers = []
    for role in ROLES:
        user = User.objects.create_user(f"{role}@example.com", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        callers.append(login(user))
    of_everything(staff)
    streams = [live.events(caller.authorization, after="0") for caller in (*callers, staff)]
    of_everything(staff)
    end = ok(staff.get("/events", after="latest"))["next_after"]
    for mark in ("product.updated", "order.placed"):  # a stream without the right to one sees the other
        end = many_events(1, mark)

    for caller, stream in zip((*callers, staff), streams, strict=True):
        shown = feed_of(caller, after=0)
        with closing(stream):
            assert stream.until(shown[-1]["position"]) == shown
    assert len({len(feed_of(caller, after=0)) for caller in (*callers, staff)}) > 2, "all of them see the same"
    assert end


def test_customers_and_keys_without_the_scope_are_refused(live: Live, staff: Caller, buyer: Caller) -> None:
    refusals = {
        buyer.authorization: (403, "permission_denied"),
        machine(staff.user, Scope.ORDERS_READ).authorization: (403, "missing_scope"),
        None: (401, "not_authenticated"),
        "Api-Key nobodys": (401, "authentication_failed"),
        "Bearer x": (401, "authentication_failed"),
    }
    for authorization, (status, code) in refusals.items():
        with closing(live.events(authorization)) as answer:
            assert (answer.answer.status, answer.body()["code"]) == (status, code)
        with pytest.raises(InvalidStatus) as refused:
            connect(
                f"ws://127.0.0.1:{live.port}/live/ws",
                additional_headers={"Authorization": authorization} if authorization else {},
            )
        assert refused.value.response.status_code == status


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"types": "order.sung"}, 400, "invalid"),
        ({"colour": "red"}, 400, "invalid"),
        ({"after": "-1"}, 400, "invalid"),
        ({"after": 10**15}, 400, "invalid"),
        ({"ticket": "nobodys"}, 401, "authentication_failed"),
    ],
)
def test_what_a_stream_does_not_understand_it_refuses(
    live: Live, key: str, asked: dict[str, Any], status: int, code: str
) -> None:
    with closing(live.events(key, **asked)) as answer:
        assert (answer.answer.status, answer.body()["code"]) == (status, code)
        assert answer.answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "message",
    [
        *("[]", "{", '{"types": ["order.sung"]}', '{"after": -1}', '{"colour": 1}', '{"after": 1e400}', "[" * 4_000),
        *('{"types": ["\\ud800"]}', '{"\\ud800": 1}', '{"after": "\\udc00"}', '{"after": "\\u0000"}'),
    ],
)
def test_a_socket_is_told_what_is_wrong_with_its_first_message(live: Live, key: str, message: str) -> None:
    with connect(f"ws://127.0.0.1:{live.port}/live/ws", additional_headers={"Authorization": key}) as link:
        link.send(message)
        assert json.loads(link.recv(timeout=30))["code"] == "invalid"
        with pytest.raises(ConnectionClosed) as ended:
            link.recv(timeout=30)
    assert ended.value.rcvd is not None
    assert ended.value.rcvd.code == 1008


def test_a_message_without_end_ends_its_socket(live: Live, key: str) -> None:
    with connect(f"ws://127.0.0.1:{live.port}/live/ws", additional_headers={"Authorization": key}) as link:
        link.send("x" * 100_000)
        with pytest.raises(ConnectionClosed) as ended:
            link.recv(timeout=30)
    assert ended.value.rcvd is not None
    assert ended.value.rcvd.code == 1009


def test_streams_go_on_after_their_connections_to_the_database_were_cut(live: Live, key: str) -> None:
    with closing(live.events(key)) as stream:
        place()
        assert stream.next()
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()"""
            )
        end = many_events(5)
        assert stream.until(end)
        assert stream.last_id == end
