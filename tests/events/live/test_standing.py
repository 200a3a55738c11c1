"""What clients and failures cannot do to the live process, and how it ends."""

import contextlib
import signal
import socket
import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from django.db import connection

from tests.events.live.listening import (
    PATIENCE,
    Live,
    live_process,
    many_events,
    raw_stream,
    wait_for_streams,
)
from tests.shop.http.api_client import Caller, machine
from tests.shop.servers.processes import wait_for
from users.models.api_key import Scope

SLOW, MANY = 200, 300


@pytest.fixture
def key(transactional_db: None, staff: Caller) -> str:
    return str(machine(staff.user, Scope.EVENTS_READ).authorization)


def test_two_hundred_who_do_not_read_hold_up_nobody_and_are_let_go(live: Live, key: str) -> None:
    with ExitStack() as links:
        slow = [links.enter_context(raw_stream(live, key)) for _ in range(SLOW)]
        stream = links.enter_context(closing(live.events(key)))
        wait_for_streams(live, SLOW + 1)

        told: list[int] = []
        for _ in range(3):
            end = many_events(600, size=2_000)
            told += [event["position"] for event in stream.until(end)]

        assert told == list(range(told[0], end + 1))
        assert len(told) == 1_800
        wait_for_streams(live, 1)
        assert all(_is_cut(link) for link in slow)


def _is_cut(link: socket.socket) -> bool:
    with contextlib.suppress(ConnectionResetError):
        while link.recv(65536):
            pass
    return True


@pytest.mark.long
def test_killed_and_started_again_nobody_misses_or_hears_twice_and_it_ends_when_told(key: str, tmp_path: Path) -> None:
    with live_process(tmp_path / "first") as live, closing(live.events(key)) as stream:
        begun = many_events(10)
        told = stream.until(begun - 5)
        live.kill()
        while (following := _next_before_the_end(stream)) is not None:
            told.append(following)
        last = stream.last_id
    end = many_events(300)
    with live_process(tmp_path / "second", port=live.port) as again, ExitStack() as links:
        stream = links.enter_context(closing(again.events(key, last=last)))
        told += stream.until(end)
        for _ in range(MANY):
            links.enter_context(raw_stream(again, key))
        wait_for_streams(again, MANY + 1)
        many_events(50, size=2_000)

        asked_at = time.monotonic()
        again.process.send_signal(signal.SIGTERM)

        assert again.process.wait(PATIENCE) == 0
        assert time.monotonic() - asked_at < 20
    assert [event["position"] for event in told] == list(range(begun - 9, end + 1))


def _next_before_the_end(stream: object) -> dict[str, int] | None:
    try:
        following: dict[str, int] | None = stream.next()  # type: ignore[attr-defined]
    except (OSError, ValueError):  # cut within an event
        return None
    return following


def test_without_listeners_nothing_is_asked(live: Live, key: str) -> None:
    with closing(live.events(key)) as stream:
        last = many_events(1)
        assert stream.until(last)
    wait_for_streams(live, 0)

    wait_for(lambda: _last_question() == _last_question(pause=1.0), "it asks no more")


def _last_question(*, pause: float = 0.0) -> object:
    time.sleep(pause)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT max(query_start) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%%events_%%'"""
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    "request_head",
    [
        b"nonsense\r\n\r\n",
        b"GET /live/events HTTP/1.1\r\n" + b"x: y\r\n" * 100 + b"\r\n",
        b"GET /live/events HTTP/1.1\r\nx: " + b"y" * 20_000,
    ],
)
def test_a_head_that_is_none_or_too_long_is_refused(live: Live, request_head: bytes) -> None:
    with socket.create_connection(("127.0.0.1", live.port), PATIENCE) as link:
        link.sendall(request_head)
        answer = link.recv(65536)
    assert answer.split()[1] in (b"400", b"431")


def test_it_says_that_it_is_alive(live: Live) -> None:
    with closing(live.get("/healthz")) as answer:
        assert answer.body() == {"status": "ok", "streams": 0}
    with closing(live.get("/elsewhere")) as answer:
        assert answer.answer.status == 404
