"""Two servers of which one takes writes: what happens to writes when it freezes, and when its standby is missing."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from embedded_postgres.throwaway import EmbeddedServer
from shared.database.backend.bounded import BoundedAsyncConnection
from shared.database.time_limit import at_most
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import Unavailable
from tests.outages.test_database_down import frozen, problems
from tests.shop.servers.embedded_clients import eventually, query
from tests.shop.servers.standby import Standby

SETTINGS = {"shared_buffers": "32MB"}


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(settings=SETTINGS) as server:
        query(server.url, "CREATE TABLE written (number int PRIMARY KEY)")
        yield server


@contextmanager
def connected_to(**where: str) -> Iterator[None]:
    """This thread's connections lead there."""
    direct = connection.settings_dict
    connection.close()
    connection.settings_dict = {**direct, "NAME": "kontor", "USER": "kontor", **where}
    waits = {"options": f"{direct['OPTIONS']['options']} -c synchronous_commit=on -c statement_timeout=2000"}
    several = {"target_session_attrs": "read-write", "connect_timeout": 2}  # as settings have it for several hosts
    connection.settings_dict["OPTIONS"] = direct["OPTIONS"] | waits | several
    connection.settings_dict.pop("EMBEDDED_HOME", None)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = direct


def _folder_of(url: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(url)["host"])


def write(number: int) -> None:
    """Once, however many tries it takes."""

    def work(again: bool) -> None:
        with outermost_transaction(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO written VALUES (%s) ON CONFLICT DO NOTHING", [number])

    retry_transaction(work, name="write")


def numbers(url: str) -> int:
    return int(query(url, "SELECT count(*) FROM written"))


# --- The primary freezes ----------------------------------------------------------------------------------------------
def test_while_the_primary_is_frozen_its_promoted_standby_takes_the_writes(
    server: EmbeddedServer, transactional_db: None, settings: Any
) -> None:
    settings.STOCK_RETRY_BACKOFF_MS = 1
    with (
        Standby(server.home) as standby,
        connected_to(HOST=f"{_folder_of(server.url)},{standby.folder}", PORT="5432,5432"),
    ):
        write(1)
        eventually(lambda: numbers(standby.url("kontor")) == 1, "the standby has it")
        with frozen(server.home):
            standby.promote()
            began = time.monotonic()
            eventually(lambda: _is_written(2), "writes go to the other one")
            waited = time.monotonic() - began
            connection.close()
            began = time.monotonic()
            write(3)
            again = time.monotonic() - began
            alive, ready = Client().get("/healthz"), problems()

        assert numbers(standby.url("kontor")) == 3
    assert (alive.status_code, ready) == (200, ["unmigrated"])
    assert waited < 25
    assert again < 2  # a new connection does not begin with the one that is frozen


def _is_written(number: int) -> bool:
    with at_most(6.0), suppress(Unavailable):
        write(number)
        return True
    return False


# --- The standby that a commit waits for is not there -----------------------------------------------------------------
@pytest.fixture
def waiting(server: EmbeddedServer, transactional_db: None, settings: Any) -> Iterator[EmbeddedServer]:
    """Commits wait for a standby that does not exist."""
    settings.STOCK_RETRY_BACKOFF_MS = 1
    superuser = server.superuser_url
    with connected_to(HOST=_folder_of(server.url), PORT="5432"):
        query(superuser, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        query(superuser, "SELECT pg_reload_conf()")
        yield server
        query(superuser, "ALTER SYSTEM RESET synchronous_standby_names")
        query(superuser, "SELECT pg_reload_conf()")


def test_a_commit_that_was_made_not_to_wait_is_no_success_until_a_standby_has_it(waiting: EmbeddedServer) -> None:
    superuser = waiting.superuser_url

    def stop_waiting_then_find_the_standby() -> None:
        _cancel_commit(superuser)
        _eventually_waits(superuser)
        happened.append("the standby is there")
        query(superuser, "ALTER SYSTEM SET synchronous_standby_names = ''")
        query(superuser, "SELECT pg_reload_conf()")

    happened: list[str] = []
    with meanwhile(stop_waiting_then_find_the_standby):
        write(11)
        happened.append("it is written")

    assert happened == ["the standby is there", "it is written"]


def test_while_no_standby_is_there_nothing_is_said_to_be_written(waiting: EmbeddedServer, settings: Any) -> None:
    settings.MAX_STOCK_RETRY_ATTEMPTS = 2

    def stop_waiting_again_and_again() -> None:
        _cancel_commit(waiting.superuser_url)
        _cancel_commit(waiting.superuser_url)

    with meanwhile(stop_waiting_again_and_again), pytest.raises(Unavailable):
        write(12)

    assert query(waiting.url, "SELECT count(*) FROM written WHERE number = 12") == 1


def test_the_worker_hears_of_it_too(waiting: EmbeddedServer) -> None:
    async def write_in_the_worker() -> None:
        async with await BoundedAsyncConnection.connect(waiting.url) as link:
            await link.execute("INSERT INTO written VALUES (13)")

    with meanwhile(lambda: _cancel_commit(waiting.superuser_url)), pytest.raises(psycopg.OperationalError):
        asyncio.run(write_in_the_worker())


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    thread.join(30)
    assert not thread.is_alive()


WAITING = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


def _eventually_waits(url: str) -> None:
    eventually(lambda: query(url, f"SELECT count(*) {WAITING}") == 1, "a commit waits for the standby")


def _cancel_commit(url: str) -> None:
    _eventually_waits(url)
    pid = query(url, f"SELECT pid {WAITING}")
    query(url, f"SELECT pg_cancel_backend({pid})")
    eventually(lambda: query(url, f"SELECT count(*) {WAITING} AND pid = {pid}") == 0, "it does not wait any more")
