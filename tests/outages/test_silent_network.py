"""The database goes silent: no answer, no error. Whoever asked is answered in time, and nothing is lost or doubled."""

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.services.orders.place_order import place_order
from shared.database.time_limit import at_most, seconds_left
from shared.database.transactions import outermost_transaction, take_time
from tests.outages.cutting_proxy import CuttingProxy, Silence
from tests.outages.detour import detour
from tests.shop.goods import balances, make_level
from tests.shop.http.api_client import post_order
from tests.shop.orders import request_for
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")

# Far above what is waited for, far below for ever.
LONG = 30.0
IMPATIENT = "-c statement_timeout=1000 -c idle_in_transaction_session_timeout=1000 -c tcp_user_timeout=1000"


@pytest.fixture
def proxy(audited_shop: None, tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Iterator[CuttingProxy]:
    """The test's connections go through a proxy that can fall silent; statements may take a second, a request four."""
    settings.STOCK_RETRY_BACKOFF_MS = 1
    settings.REQUEST_DATABASE_SECONDS = 4.0
    with detour(tmp_path_factory.mktemp("pg"), options=IMPATIENT) as proxy:
        yield proxy


@pytest.mark.parametrize("silence", Silence)
@pytest.mark.parametrize("key", ["once", None], ids=["with a key", "without a key"])
def test_an_order_whose_commit_is_swallowed_is_placed_once(
    proxy: CuttingProxy, silence: Silence, key: str | None
) -> None:
    level, buyer = make_level(on_hand=10), make_buyer()
    proxy.cuts.append(silence)

    placed = place_order(request=request_for(buyer, (level, 1)), actor=buyer.actor, idempotency_key=key)

    assert placed.created
    assert [placed.order.pk] == list(Order.objects.values_list("pk", flat=True))
    assert balances(level.pk) == (10, 1)


@pytest.mark.parametrize("silence", Silence)
def test_over_http_a_swallowed_commit_is_answered_in_time_and_the_key_finds_the_one_order(
    proxy: CuttingProxy, secret: str, silence: Silence
) -> None:
    level, buyer = make_level(on_hand=10), make_buyer()
    proxy.cuts.append(silence)

    began = time.monotonic()
    answers = [post_order(secret, buyer, (level, 1), key="once") for _ in range(2)]

    assert time.monotonic() - began < LONG
    assert answers[0].status_code in {201, 503}
    assert answers[1].status_code in {200, 201}
    assert Order.objects.count() == 1
    assert balances(level.pk) == (10, 1)


def test_while_nothing_comes_back_orders_are_503_with_retry_after_and_the_process_is_alive(
    proxy: CuttingProxy, secret: str
) -> None:
    level, buyer = make_level(on_hand=10), make_buyer()
    proxy.is_silent = True

    began = time.monotonic()
    first = post_order(secret, buyer, (level, 1), key="once")
    alive, ready = Client().get("/healthz"), Client().get("/readyz")
    page = Client(raise_request_exception=False).get("/admin/", headers={"Cookie": "sessionid=somebody"})
    waited = time.monotonic() - began
    proxy.is_silent = False

    assert (first.status_code, alive.status_code, ready.status_code, page.status_code) == (503, 200, 503, 503)
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in (first, ready, page))
    assert ready.json()["problems"] == ["database_away"]
    assert waited < LONG
    assert _eventually_placed(secret, buyer, level) == 1
    assert balances(level.pk) == (10, 1)


def _eventually_placed(secret: str, buyer: Any, level: Any) -> int:
    """How many orders there are once the same key has been answered."""
    deadline = time.monotonic() + LONG
    while (answer := post_order(secret, buyer, (level, 1), key="once")).status_code == 503:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert answer.status_code == 201
    return Order.objects.count()


def test_locks_of_a_client_that_fell_silent_are_free_within_seconds(proxy: CuttingProxy) -> None:
    level = make_level(on_hand=10)

    with suppress(OperationalError), outermost_transaction():
        StockLevel.objects.select_for_update().get(pk=level.pk)
        proxy.is_silent = True
        level.save()
    proxy.is_silent = False

    with outermost_transaction():
        assert StockLevel.objects.select_for_update().get(pk=level.pk) == level


def test_long_work_outlives_the_limits_of_a_statement_of_a_request_and_of_idleness(proxy: CuttingProxy) -> None:
    with at_most(0.5), transaction.atomic(), connection.cursor() as cursor:
        take_time()
        cursor.execute("SELECT pg_sleep(2.5)")
        time.sleep(1.5)
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_the_next_transaction_has_the_usual_limits_again(proxy: CuttingProxy) -> None:
    with transaction.atomic(), connection.cursor():
        take_time(60)

    proxy.is_silent = True
    with pytest.raises(OperationalError):
        StockLevel.objects.exists()


def test_a_server_that_cannot_tell_who_hung_up_is_used_without_that(proxy: CuttingProxy) -> None:
    connection.close()
    proxy.unknown_setting = b"client_connection_check_interval"

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        assert cursor.fetchone() == ("3s",)


def test_what_a_part_of_a_request_waited_is_spent_for_the_whole() -> None:
    with at_most(LONG):
        with at_most(LONG), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")

        assert seconds_left() <= LONG - 0.2
