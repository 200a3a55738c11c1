"""The feed of events: each change once, in order, for whoever may see it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from events.feed.reading import SCANNED
from events.feed.record_events import OWN_TABLES, PART_TABLES
from events.feed.types import EVENT_TYPES
from events.models.event import Event
from events.models.sequencer import Sequencer
from events.services.purge_events import purge_events
from events.services.sequence_events import sequence_events
from orders.audit.feed import CHECKS
from orders.models.order_event import EventKind
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import cancel_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.clock import database_now
from tests.shop.goods import make_level
from tests.shop.http.api_client import Caller, machine, ok, refused
from tests.shop.orders import order_of
from tests.shop.people import SuperuserFactory, make_buyer
from users.models.api_key import Scope

pytestmark = pytest.mark.django_db
AUDITED = CHECKS[0].sql


def feed(caller: Caller, **asked: Any) -> dict[str, Any]:
    sequence_events()
    return ok(caller.get("/events", **asked))


def types_of(answer: dict[str, Any]) -> list[str]:
    return [event["type"] for event in answer["events"]]


def test_an_orders_life_is_told_in_order_and_without_gaps(staff: Caller) -> None:
    after = feed(staff, after="latest")["next_after"]
    buyer = make_buyer()
    order = order_of(buyer, (make_level(on_hand=9), 2))
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    advance_order(order_id=order.pk, status="PROCESSING", actor=SYSTEM)

    told = feed(staff, after=after, aggregate=order.pk)["events"]
    everything = feed(staff, after=after, limit=500)

    assert [event["type"] for event in told] == ["order.placed", "order.paid", "order.status_changed"]
    assert [event["sequence"] for event in told] == [1, 2, 3]
    assert told[1]["data"] | {"number": ""} == {
        "order": str(order.pk),
        "number": "",
        "currency": order.currency,
        "from_status": "PENDING",
        "to_status": "CONFIRMED",
    } | {key: told[1]["data"][key] for key in ("amount", "payment", "match", "too_much") if key in told[1]["data"]}
    assert told[0]["url"] == f"/api/v1/orders/{order.pk}"
    positions = [event["position"] for event in everything["events"]]
    assert positions == list(range(after + 1, after + 1 + len(positions)))
    assert (everything["caught_up"], everything["next_after"]) == (True, positions[-1])


def test_each_movement_of_stock_is_an_event_of_its_level(staff: Caller) -> None:
    level = make_level(on_hand=5)
    order = order_of(make_buyer(), (level, 2))
    cancel_order(order_id=order.pk, reason=CancelReason.CUSTOMER, actor=SYSTEM)

    told = feed(staff, aggregate=level.pk, types="stock.*")["events"]

    assert [(e["data"]["kind"], e["data"]["available"]) for e in told] == [
        ("receive", 5),
        ("reserve", 3),
        ("release", 5),
    ]
    assert {e["data"]["variant"] for e in told} == {str(level.variant_id)}


def test_records_say_what_changed_and_nothing_about_the_person(staff: Caller) -> None:
    made = ok(staff.post("/customers", {"name": "Ann Bell", "email": "ann.bell@example.com"}), 201)
    ok(staff.patch(f"/customers/{made['id']}", {"phone": "+4930123456"}))

    answer = feed(staff, aggregate=made["id"])

    assert types_of(answer) == ["customer.created", "customer.updated"]
    assert answer["events"][1]["data"]["changed"] == ["phone", "phone_e164"]
    assert not [word for word in ("Ann", "4930") if word in str(answer)]


def test_reading_again_adds_nothing(staff: Caller) -> None:
    order_of(make_buyer(), (make_level(on_hand=5), 1))
    first = feed(staff, limit=500)
    assert sequence_events() == 0

    assert feed(staff, limit=500) == first
    assert Event.objects.count() == len({event["id"] for event in first["events"]})


def test_pages_follow_each_other(staff: Caller) -> None:
    order_of(make_buyer(), (make_level(on_hand=5), 1))
    whole = feed(staff, limit=500)["events"]

    pages, answer = [], feed(staff, limit=2)
    while answer["events"]:
        pages += answer["events"]
        answer = feed(staff, limit=2, after=answer["next_after"])

    assert pages == whole
    assert answer["caught_up"]


def test_old_events_are_forgotten_and_say_where_to_begin(staff: Caller) -> None:
    order_of(make_buyer(), (make_level(on_hand=5), 1))
    before = feed(staff, limit=500)["events"]

    purge_events(now=database_now() + timedelta(days=30))

    gone = refused(staff.get("/events", after=0), 410, "position_gone")
    assert gone["first_position"] == before[-1]["position"] + 1
    assert feed(staff) == {"events": [], "next_after": before[-1]["position"], "caught_up": True}
    level = make_level(on_hand=1)
    (told,) = feed(staff, aggregate=level.pk)["events"]
    assert told["position"] > before[-1]["position"]


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"after": "-1"}, "/after"),
        ({"after": 10**15}, "/after"),
        ({"limit": 501}, "/limit"),
        ({"types": "order.sung"}, "/types"),
        ({"aggregate": "x"}, "/aggregate"),
        ({"colour": "red"}, "/colour"),
        ({"after": ""}, "/after"),
    ],
)
def test_what_the_feed_does_not_understand_it_refuses(staff: Caller, asked: dict[str, Any], pointer: str) -> None:
    problem = refused(staff.get("/events", **asked), 400, "invalid")

    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_the_feed_is_for_staff_and_keys_with_the_scope(staff: Caller, buyer: Caller, visitor: Caller) -> None:
    assert ok(machine(SuperuserFactory.create(), Scope.EVENTS_READ).get("/events"))
    refused(machine(SuperuserFactory.create(), Scope.ORDERS_READ).get("/events"), 403, "missing_scope")
    refused(buyer.get("/events"), 403, "permission_denied")
    refused(visitor.get("/events"), 401, "not_authenticated")


def test_a_database_restored_elsewhere_loses_no_event(staff: Caller) -> None:
    """The numbers of transactions begin anew there, far below those that the feed has seen."""
    order_of(make_buyer(), (make_level(on_hand=5), 1))
    before = feed(staff, limit=500)["events"]
    Sequencer.objects.update(horizon=10**12)

    order = order_of(make_buyer(), (make_level(on_hand=5), 1))

    after = feed(staff, limit=500)["events"]
    assert after[: len(before)] == before
    assert [event["type"] for event in feed(staff, aggregate=order.pk)["events"]] == ["order.placed"]
    assert len({event["id"] for event in after}) == len(after)


def test_a_page_looks_no_further_than_its_bound(staff: Caller) -> None:
    order_of(make_buyer(), (make_level(on_hand=5), 1))
    last = feed(staff, after="latest")["next_after"]
    Event.objects.bulk_create(
        Event(
            position=last + n,
            id=uuid4(),
            type="product.updated",
            aggregate_type="product",
            aggregate_id=uuid4(),
            sequence=1,
            created_at=database_now(),
        )
        for n in range(1, SCANNED + 10)
    )
    Sequencer.objects.update(position=last + SCANNED + 9)

    page = feed(staff, after=last, types="task.*")

    assert page == {"events": [], "next_after": last + SCANNED, "caught_up": False}
    assert feed(staff, after=last + SCANNED, types="task.*")["caught_up"]


@pytest.mark.parametrize("data", ["[]", "3", '{"shipments": 3}', '{"return_status": "LOST"}', "{}"])
@pytest.mark.parametrize("kind", EventKind.values)
def test_details_that_were_erased_hold_up_nobody(staff: Caller, kind: str, data: str) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 1))
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO orders_order_event (id, order_id, kind, from_status, to_status, reason, data, created_at)
               VALUES (%s, %s, %s, 'PENDING', 'PENDING', '', %s, clock_timestamp())""",
            [uuid4(), order.pk, kind, data],
        )

    told = types_of(feed(staff, aggregate=order.pk))

    assert told[0] == "order.placed"
    assert len(told) == 2
    assert set(told) <= set(EVENT_TYPES)


def test_the_audit_holds_all_tables_whose_changes_are_events_against_the_feed() -> None:
    assert all(f"'{table}'" in AUDITED for table in (*OWN_TABLES, *PART_TABLES))
