"""Whatever goes wrong with one endpoint, one record or one answer, the others have their turn, and the try counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from events.services.sequence_events import sequence_events
from shared.clock import database_now
from tests.shop.goods import make_level
from tests.shop.http.api_client import Caller, ok
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.servers.processes import url_of
from tests.webhooks.endpoints import endpoint_at, try_endpoint
from webhooks.models.delivery import Delivery
from webhooks.models.endpoint import Endpoint
from webhooks.sending.post import Post
from webhooks.sending.rounds import Rounds
from webhooks.services.record_attempts import Outcome

URL = "https://example.com/hook"


@contextmanager
def nobody_reads(table: str) -> Iterator[None]:
    """Whoever tries is soon turned away."""
    with psycopg.connect(url_of(connection.settings_dict["NAME"])) as other, connection.cursor() as cursor:
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SET lock_timeout = '50ms'")
        yield
        cursor.execute("RESET lock_timeout")
        other.rollback()


def of(endpoint: dict[str, Any], posts: list[Post]) -> list[Post]:
    return [post for post in posts if str(post.endpoint_id) == endpoint["id"]]


@pytest.mark.django_db(transaction=True)
def test_a_record_that_cannot_be_read_counts_its_tries_and_holds_up_nobody(staff: Caller) -> None:
    with_records = endpoint_at(staff, URL, "order.placed", include="object")
    plain = endpoint_at(staff, URL, "order.placed")
    for _ in range(3):
        order_of(make_buyer(), (make_level(on_hand=1), 1))
    sequence_events()
    rounds = Rounds()

    with nobody_reads("orders_order"):
        posts = rounds.run({}, {}, 100)

    assert len(of(plain, posts)) == len(posts) == 3
    waiting = Delivery.objects.filter(endpoint=with_records["id"]).order_by("-tries")
    assert [(one.state, one.tries, one.leased_until) for one in waiting] == [
        ("pending", many, None) for many in (1, 0, 0)
    ]
    (attempt,) = ok(staff.get(f"/webhook-deliveries/{waiting[0].pk}"))["attempts"]
    assert "could not be put together" in attempt["error"]
    assert Endpoint.objects.get(pk=with_records["id"]).failures == 0, "the receiver has done nothing"
    Delivery.objects.filter(endpoint=with_records["id"]).update(due_at=database_now())
    assert len(of(with_records, rounds.run({}, {}, 100))) == 3


@pytest.mark.django_db(transaction=True)
def test_an_endpoint_whose_events_cannot_be_read_holds_up_nobody(staff: Caller) -> None:
    first, second = endpoint_at(staff, URL, "order.placed"), endpoint_at(staff, URL, "stock.*")
    for endpoint in (first, second):
        try_endpoint(staff, endpoint)
    Delivery.objects.filter(endpoint=first["id"]).update(position=1)

    with nobody_reads("events_event"):
        posts = Rounds().run({}, {}, 100)

    assert len(of(second, posts)) == len(posts) == 1
    assert Delivery.objects.get(endpoint=first["id"]).tries == 1


@pytest.mark.django_db
def test_an_answer_that_cannot_be_kept_is_counted_without_its_text(staff: Caller) -> None:
    odd, plain = endpoint_at(staff, URL), endpoint_at(staff, URL)
    deliveries = {UUID(one["id"]): UUID(try_endpoint(staff, one)["id"]) for one in (odd, plain)}
    outcomes = {
        endpoint: [
            Outcome(delivery, database_now(), 5, status=200, answer="\ud800" if str(endpoint) == odd["id"] else "")
        ]
        for endpoint, delivery in deliveries.items()
    }

    assert Rounds().run(outcomes, {}, 100) == []

    assert not outcomes
    assert set(Delivery.objects.values_list("state", "attempts__status", "attempts__answer")) == {
        ("delivered", 200, "")
    }
