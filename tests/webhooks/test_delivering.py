"""Events on their way to receivers: signed, in order, none lost, however receiver and sender fall."""

import signal
import subprocess
import sys
from collections import defaultdict
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from config.processes.webhook_sending import WebhookThread
from events.models.event import Event
from events.services.sequence_events import sequence_events
from orders.services.orders.advance_order import advance_order
from orders.services.payments.confirm_payment import confirm_payment
from shared.actor import SYSTEM
from tests.shop.goods import make_level
from tests.shop.http.api_client import Caller, ok
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.servers.processes import running, url_of
from tests.shop.servers.webhook_receiver import Receiver, receiver_running, wait_until
from tests.webhooks.endpoints import all_done, endpoint_at, read, try_endpoint
from webhooks.models.delivery import Delivery
from webhooks.models.endpoint import Endpoint

pytestmark = pytest.mark.django_db(transaction=True)


def shipped_order() -> str:
    order = order_of(make_buyer(), (make_level(on_hand=9), 2))
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    for status in ("PROCESSING", "SHIPPED"):
        advance_order(order_id=order.pk, status=status, actor=SYSTEM)
    sequence_events()
    return str(order.pk)


def events_of(*orders: str) -> list[str]:
    """The ids of what `order.*` means of them."""
    events = Event.objects.filter(aggregate_id__in=orders, type__startswith="order.").order_by("position")
    return [str(pk) for pk in events.values_list("pk", flat=True)]


def test_an_orders_life_arrives_signed_and_in_order(staff: Caller, receiver: Receiver, sender: WebhookThread) -> None:
    endpoint = endpoint_at(staff, receiver.url(), "order.*", "shipment.sent")
    order = shipped_order()
    told = ok(staff.get("/events", aggregate=order))["events"]

    came = receiver.wait_for(len(told))

    assert [one.verified(endpoint["secret"]) for one in came] == told
    assert [one.id for one in came] == [event["id"] for event in told]
    assert [event["type"] for event in told][:2] == ["order.placed", "order.paid"]
    assert not [name for name in came[0].headers if name in ("authorization", "cookie")]
    all_done(receiver)


def test_several_orders_arrive_each_in_order(staff: Caller, receiver: Receiver, sender: WebhookThread) -> None:
    endpoint_at(staff, receiver.url(), "*")
    for _ in range(4):
        shipped_order()
    many = Event.objects.count()

    came = receiver.wait_for(many)

    sequences = defaultdict(list)
    for one in came:
        sequences[one.event["aggregate"]["id"]].append(one.event["sequence"])
    assert all(numbers == sorted(numbers) for numbers in sequences.values())
    assert len({one.id for one in came}) == len(came) == many


def test_what_a_receiver_missed_while_it_was_down_arrives_once(
    staff: Caller, receiver: Receiver, sender: WebhookThread
) -> None:
    endpoint = endpoint_at(staff, receiver.url(), "order.*")
    receiver.answer = lambda _: (503, {})
    order = shipped_order()
    wait_until(lambda: len(receiver.came) >= 1)

    receiver.answer = lambda _: (200, {})
    hurry()
    came = receiver.wait_for(len(events_of(order)))

    assert [one.id for one in came] == events_of(order)
    assert all(one.verified(endpoint["secret"]) for one in receiver.came)
    all_done(receiver)
    (first, *_) = ok(staff.get(f"/webhook-endpoints/{endpoint['id']}/deliveries"))["results"][::-1]
    assert [attempt["status"] for attempt in first["attempts"]] == [503, 200]


def hurry() -> None:
    """As if the pause before the next try were over."""
    wait_until(lambda: not Delivery.objects.exclude(leased_until=None).exists())
    Delivery.objects.filter(state="pending", leased_until=None).update(due_at=timezone.now())
    Endpoint.objects.update(held_until=None)


def test_a_receiver_that_fails_one_record_gets_the_others(
    staff: Caller, receiver: Receiver, sender: WebhookThread
) -> None:
    """Later events of the same record wait for three tries, then pass."""
    endpoint_at(staff, receiver.url(), "order.*")
    receiver.hold.clear()  # the sender may be quicker than the second order
    bad, good = shipped_order(), shipped_order()
    first = Event.objects.get(aggregate_id=bad, sequence=1)
    receiver.answer = lambda came: (500 if came.id == str(first.pk) else 200, {})
    receiver.hold.set()

    receiver.wait_for(len(events_of(good)))
    wait_until(lambda: tries_of(first) >= 1)
    assert {one.event["aggregate"]["id"] for one in receiver.taken()} == {good}
    for tries in (2, 3):
        hurry()
        wait_until(lambda tries=tries: tries_of(first) >= tries)  # type: ignore[misc]

    passed = receiver.wait_for(len(events_of(bad, good)) - 1)
    assert next(one.event["sequence"] for one in passed if one.event["aggregate"]["id"] == bad) == 2


def tries_of(event: Event) -> int:
    return Delivery.objects.get(event_id=event.pk).tries


_SEND = """
import os, sys
from datetime import timedelta
import django
django.setup()
from django.conf import settings
from config.processes.webhook_sending import WebhookThread
settings.WEBHOOK_ALLOW_HOSTS = frozenset({sys.argv[1]})
thread = WebhookThread(lease=timedelta(seconds=1))
thread.start()
thread.join()
"""


def sending_process(receiver: Receiver, log: Path) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """A sender of its own on the test's database."""
    return running(
        [sys.executable, "-c", _SEND, receiver.host],
        log,
        DJANGO_SETTINGS_MODULE="config.settings",
        DATABASE_URL=url_of(connection.settings_dict["NAME"]),
        SECRET_KEY=settings.SECRET_KEY,
    )


def test_a_sender_that_is_killed_repeats_and_loses_nothing(staff: Caller, receiver: Receiver, tmp_path: Path) -> None:
    endpoint = endpoint_at(staff, receiver.url(), "order.*")
    orders = [shipped_order() for _ in range(3)]
    expected = set(events_of(*orders))
    receiver.hold.clear()
    with sending_process(receiver, tmp_path / "killed") as killed:
        wait_until(lambda: len(receiver.came) >= 3)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    on_their_way = {one.id for one in list(receiver.came)}
    receiver.hold.set()
    with sending_process(receiver, tmp_path / "following"):
        wait_until(lambda: {one.id for one in receiver.taken()} >= expected and repeated(receiver) >= on_their_way)
        all_done(receiver)

    assert {one.id for one in receiver.came} == expected
    assert all(one.verified(endpoint["secret"]) for one in receiver.came)


def repeated(receiver: Receiver) -> set[str]:
    ids = [one.id for one in list(receiver.came)]
    return {one for one in ids if ids.count(one) > 1}


def test_a_dead_receiver_does_not_delay_another(
    staff: Caller, receiver: Receiver, sender: WebhookThread, settings: Any
) -> None:
    with receiver_running() as dead:
        settings.WEBHOOK_ALLOW_HOSTS = frozenset({receiver.host, dead.host})
        dead.hold.clear()
        endpoint_at(staff, dead.url(), "*")
        endpoint_at(staff, receiver.url(), "order.*")
        orders = [shipped_order() for _ in range(3)]

        receiver.wait_for(len(events_of(*orders)))

        assert len(dead.came) >= 1
        assert not dead.taken()


def test_a_test_and_a_redelivery(staff: Caller, receiver: Receiver, sender: WebhookThread) -> None:
    endpoint = endpoint_at(staff, receiver.url(), "order.placed")
    receiver.text, receiver.answer = b"thanks" * 2_000, lambda _: (200, {})
    made = try_endpoint(staff, endpoint)
    (came,) = receiver.wait_for(1)
    assert came.verified(endpoint["secret"])["type"] == "webhook.test"
    all_done(receiver)

    ok(staff.post(f"/webhook-deliveries/{made['id']}/redelivery", None), 202)
    again = receiver.wait_for(2)[1]

    assert again.id == came.id
    all_done(receiver)
    shown = ok(staff.get(f"/webhook-deliveries/{made['id']}"))
    assert [attempt["status"] for attempt in shown["attempts"]] == [200, 200]
    assert shown["attempts"][0]["answer"] == ("thanks" * 2_000)[: 4 * 1024]
    assert shown["state"] == "delivered"


def test_a_replay_sends_all_once_more_under_their_ids(staff: Caller, receiver: Receiver, sender: WebhookThread) -> None:
    before = ok(staff.get("/events", after="latest"))["next_after"]
    shipped_order()  # before there is an endpoint
    endpoint = endpoint_at(staff, receiver.url(), "order.*")
    shipped_order()
    total = Event.objects.filter(type__startswith="order.").count()
    seen = receiver.wait_for(total // 2)
    all_done(receiver)

    ok(staff.post(f"/webhook-endpoints/{endpoint['id']}/replay", {"after": before}), 202)
    came = receiver.wait_for(total + len(seen))

    assert {one.id for one in came[len(seen) :]} == {
        str(pk) for pk in Event.objects.filter(type__startswith="order.").values_list("pk", flat=True)
    }
    assert {one.id for one in seen} <= {one.id for one in came[len(seen) :]}


def test_after_ten_failures_one_delivery_finds_out_whether_the_receiver_is_there(
    staff: Caller, receiver: Receiver, sender: WebhookThread
) -> None:
    endpoint = endpoint_at(staff, receiver.url(), "order.*")
    receiver.answer = lambda _: (500, {})
    for _ in range(12):
        tested_order = order_of(make_buyer(), (make_level(on_hand=1), 1))
    sequence_events()
    wait_until(lambda: Endpoint.objects.get().failures >= 10 and Endpoint.objects.get().held_until is not None)
    wait_until(lambda: not Delivery.objects.exclude(leased_until=None).exists())
    before = len(receiver.came)

    Delivery.objects.filter(state="pending").update(due_at=timezone.now())
    Endpoint.objects.update(held_until=timezone.now())
    wait_until(lambda: len(receiver.came) > before)
    wait_until(lambda: not Delivery.objects.exclude(leased_until=None).exists())
    assert len(receiver.came) == before + 1
    assert Endpoint.objects.filter(held_until__gt=timezone.now()).exists()

    receiver.answer = lambda _: (200, {})
    hurry()
    receiver.wait_for(12)
    wait_until(lambda: read(staff, endpoint)["failing_since"] is None)
    assert tested_order.pk
