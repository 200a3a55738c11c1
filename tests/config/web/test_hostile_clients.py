"""Whoever sends slowly, never, too much or nonsense is answered or hung up on, and holds nobody else up."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from config.web.limits import allow_many_files
from tests.config.web.raw import HOST, PATIENCE_SECONDS, Server, is_closed, read_all, tiny_server
from tests.shop.servers.processes import wait_for

LIMITS = {
    "header_seconds": 1,
    "idle_seconds": 3,
    "window_seconds": 1,
    "linger_seconds": 1,
    "slow_body_seconds": 0.5,
    "slow_bodies_per_address": 20,
}
SILENT = 1_100
POST = b"POST /length HTTP/1.1\r\n" + HOST


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with tiny_server(tmp_path_factory.mktemp("web") / "log", **LIMITS) as server:
        yield server


def test_a_header_that_never_ends_is_refused(server: Server) -> None:
    answer = server.ask(b"GET /pid HTTP/1.1\r\nHos")

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in answer


def test_a_body_that_drips_is_refused_though_it_never_pauses(server: Server) -> None:
    with server.connect() as link:
        link.sendall(POST + b"Content-Length: 1000000\r\n\r\n")
        threading.Thread(target=_drip, args=[link], daemon=True).start()

        answer = read_all(link)

    assert answer.startswith(b"HTTP/1.1 408 ")


def _drip(link: socket.socket) -> None:
    with suppress(OSError):
        while True:
            link.sendall(b"x")
            time.sleep(0.05)


def test_a_body_that_stops_after_a_good_beginning_is_refused(server: Server) -> None:
    assert server.ask(POST + b"Content-Length: 1000000\r\n\r\n", b"x" * 900_000).startswith(b"HTTP/1.1 408 ")


def test_slow_bodies_hold_no_thread(server: Server) -> None:
    """There are two threads, and ten times as many who send slowly."""
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(server.connect()).sendall(POST + b"Content-Length: 100\r\n\r\n{")

        answer = server.ask(POST + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}")

    assert answer.endswith(b"\r\n\r\n2")


def test_of_too_many_slow_bodies_from_one_address_the_slowest_are_refused(tmp_path: Path) -> None:
    patient = LIMITS | {"window_seconds": 300, "slow_bodies_per_address": 2}
    with tiny_server(tmp_path / "log", **patient) as server, ExitStack() as stack:
        links = [stack.enter_context(server.connect()) for _ in range(4)]
        for number, link in enumerate(links):
            link.sendall(POST + b"Content-Length: 9000\r\n\r\n" + b"x" * 2000 * number)

        answers = [read_all(link) for link in links[:2]]

        assert [answer[:12] for answer in answers] == [b"HTTP/1.1 408"] * 2
        assert not any(is_closed(link) for link in links[2:])


def test_silent_connections_keep_nobody_out_and_are_closed(server: Server) -> None:
    allow_many_files()
    with ExitStack() as stack:
        links = [stack.enter_context(server.connect()) for _ in range(SILENT)]

        assert server.body("/pid")
        wait_for(lambda: all(is_closed(link) for link in links), "all silent connections are closed")


def test_an_idle_connection_is_closed_later_than_a_silent_one(server: Server) -> None:
    with server.connect() as silent, server.connect() as idle:
        idle.sendall(b"GET /pid HTTP/1.1\r\n" + HOST + b"\r\n")
        assert idle.recv(65_536).startswith(b"HTTP/1.1 200")

        assert read_all(silent) == b""
        assert not is_closed(idle)
        wait_for(lambda: is_closed(idle), "the idle connection is closed")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: 10000000\r\n", b"413"),
        (b"Content-Length: 1000000000000\r\n", b"413"),
        (b"Transfer-Encoding: chunked\r\n", b"411"),
    ],
)
def test_an_endless_body_is_refused_without_reading_on(server: Server, head: bytes, status: bytes) -> None:
    with server.connect() as link:
        link.sendall(POST + head + b"\r\n")
        flood = threading.Thread(target=_flood, args=[link], daemon=True)
        flood.start()

        answer = link.recv(65_536)
        flood.join(PATIENCE_SECONDS)

        assert answer.startswith(b"HTTP/1.1 %b " % status)
        assert not flood.is_alive()


def _flood(link: socket.socket) -> None:
    """Send for as long as the server takes it."""
    with suppress(OSError):
        while True:
            link.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")


def test_a_file_to_import_may_be_longer_than_other_bodies(server: Server) -> None:
    size = 4 * 1024 * 1024
    head = b"POST /admin/length HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % size

    assert server.ask(head, b"x" * size).endswith(b"\r\n\r\n%d" % size)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
        b"hello\r\n\r\n",
        b"GET  HTTP/1.1\r\n\r\n",
        b"GET /pid HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        POST + b"Content-Length: -1\r\n\r\n",
    ],
)
def test_what_is_not_http_1_is_refused_at_once(server: Server, nonsense: bytes) -> None:
    assert server.ask(nonsense).startswith(b"HTTP/1.1 400 ")


def test_endless_headers_are_refused(server: Server) -> None:
    long = b"GET /pid HTTP/1.1\r\nX: " + b"x" * 100_000
    many = b"GET /pid HTTP/1.1\r\n" + b"X: x\r\n" * 101 + b"\r\n"

    assert server.ask(long).startswith(b"HTTP/1.1 431 ")
    assert server.ask(many).startswith(b"HTTP/1.1 431 ")


def test_an_offer_of_http_2_is_answered_over_http_1(server: Server) -> None:
    assert server.get("/pid", b"Upgrade: h2c\r\n", b"HTTP2-Settings: AAMAAABk\r\n").startswith(b"HTTP/1.1 200 ")


def test_whoever_reads_slowly_holds_no_thread_and_is_hung_up_on(server: Server) -> None:
    with ExitStack() as stack:
        links = [stack.enter_context(server.connect()) for _ in range(6)]
        for link, path in zip(links, [b"/large", b"/pieces?1000"] * 3, strict=True):
            link.sendall(b"GET %b HTTP/1.1\r\n%b\r\n" % (path, HOST))

        assert server.body("/pid")
        time.sleep(4)
        received = len(read_all(links[0]))

    assert received < 16 * 1024 * 1024


def test_a_header_with_underscores_passes_for_no_other(server: Server) -> None:
    headers = json.loads(server.body("/headers", b"X_Forwarded_For: 1.2.3.4\r\n", b"X-Thing: a\r\n", b"x-thing: b\r\n"))

    assert "HTTP_X_FORWARDED_FOR" not in headers
    assert headers["HTTP_X_THING"] == "a,b"


def test_a_new_connection_takes_the_place_of_the_oldest_idle_one(tmp_path: Path) -> None:
    with tiny_server(tmp_path / "log", connections_per_address=5) as server, ExitStack() as stack:
        busy = stack.enter_context(server.connect())
        busy.sendall(POST + b"Content-Length: 2\r\n\r\n{")
        silent = [stack.enter_context(server.connect()) for _ in range(4)]

        assert server.body("/pid")

        assert is_closed(silent[0])
        assert not any(is_closed(link) for link in [busy, *silent[1:]])


def test_nobody_is_let_in_when_all_of_an_address_are_busy(tmp_path: Path) -> None:
    with tiny_server(tmp_path / "log", connections_per_address=3) as server, ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(server.connect()).sendall(POST + b"Content-Length: 2\r\n\r\n{")
        time.sleep(0.2)

        with server.connect() as link:
            assert read_all(link).startswith(b"HTTP/1.1 503 ")


def test_the_largest_body_makes_room_when_too_much_is_on_its_way(tmp_path: Path) -> None:
    with tiny_server(tmp_path / "log", held_bytes=1_000_000) as server, ExitStack() as stack:
        small = stack.enter_context(server.connect())
        small.sendall(POST + b"Content-Length: 100000\r\n\r\n" + b"x" * 1000)
        large = stack.enter_context(server.connect())
        large.sendall(POST + b"Content-Length: 2000000\r\n\r\n" + b"x" * 1_500_000)

        assert large.recv(65_536).startswith(b"HTTP/1.1 503 ")

        small.sendall(b"x" * 99_000)
        assert small.recv(65_536).endswith(b"\r\n\r\n100000")


def test_a_trusted_proxy_may_have_any_number_of_connections(tmp_path: Path) -> None:
    bounds = {"connections_per_address": 3, "slow_bodies_per_address": 1, "slow_body_seconds": 0}
    with tiny_server(tmp_path / "log", trusted_proxies=["127.0.0.0/8"], **bounds) as server, ExitStack() as stack:
        links = [stack.enter_context(server.connect()) for _ in range(6)]
        for link in links:
            link.sendall(POST + b"Content-Length: 2\r\n\r\n{")
        time.sleep(2.5)  # the bound of slow bodies is looked at once a second

        for link in links:
            link.sendall(b"}")
            assert link.recv(65_536).endswith(b"\r\n\r\n2")
