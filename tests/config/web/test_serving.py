"""What clients that behave may rely on."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config.web.limits import Limits
from tests.config.web.raw import HOST, Server, read_all, tiny_server
from tests.shop.servers.processes import wait_for

CLOSE = b"Connection: close\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with tiny_server(tmp_path_factory.mktemp("web") / "log") as server:
        yield server


def test_requests_sent_in_one_go_are_answered_in_their_order(server: Server) -> None:
    post = b"POST /length HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n"

    answer = server.ask((post + b"\r\nabc") % 3 + (post + b"\r\nabcde") % 5 + (post + CLOSE + b"a") % 1)

    assert [part.rpartition(b"\r\n")[2] for part in answer.split(b"HTTP/1.1 200 OK")[1:]] == [b"3", b"5", b"1"]


def test_what_follows_on_a_complete_request_is_refused_after_it(server: Server) -> None:
    answer = server.ask(b"GET /pid HTTP/1.1\r\n" + HOST + b"\r\nnonsense\r\n\r\n")

    assert [line[:12] for line in answer.split(b"\r\n") if line.startswith(b"HTTP/") or b"HTTP/1.1 400" in line]
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"HTTP/1.1 400" in answer


def test_a_request_in_pieces_is_one_request(server: Server) -> None:
    with server.connect() as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"POST /length HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n" + CLOSE + b"abcd":
            link.sendall(bytes([byte]))

        assert read_all(link).endswith(b"\r\n\r\n4")


def test_a_client_that_asks_first_is_told_to_send(server: Server) -> None:
    with server.connect() as link:
        link.sendall(b"POST /length HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 3\r\n" + CLOSE)
        assert link.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"

        link.sendall(b"abc")
        assert read_all(link).endswith(b"\r\n\r\n3")


def test_a_client_that_asks_first_is_refused_before_it_sends(server: Server) -> None:
    head = b"POST /length HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n"

    assert server.ask(head).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (b"/api/v1/products/0198-af/pictures", 11),
        (b"/api/v1/shop/logo", 11),
        (b"/api/v1/orders/0198-af/pictures", 3),
        (b"/api/v1/products/0198-af/more/pictures", 3),
        (b"/api/other/shop/logo", 3),
        (b"/admin/exchange/import/add/", 52),
    ],
)
def test_a_body_is_as_large_as_its_address_takes(server: Server, path: bytes, most: int) -> None:
    def asked(length: int) -> bytes:
        head = b"POST %b HTTP/1.1\r\n" % path + HOST
        with server.connect() as link:
            link.sendall(head + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % length)
            return link.recv(65_536)[9:12]

    assert (asked(most << 20), asked((most << 20) + 1)) == (b"100", b"413")


def test_the_application_and_its_server_take_pictures_of_one_size() -> None:
    assert Limits().picture_bytes == settings.API_MAX_UPLOAD_BYTES


def test_a_connection_is_kept_unless_the_client_wants_it_closed(server: Server) -> None:
    with server.connect() as link:
        for _ in range(3):
            link.sendall(b"GET /pid HTTP/1.1\r\n" + HOST + b"\r\n")
            answer = link.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert b"Connection:" not in answer
    assert b"\r\nConnection: close\r\n" in server.get("/pid")
    assert b"\r\nConnection: close\r\n" in server.ask(b"GET /pid HTTP/1.0\r\n\r\n")


def test_a_head_request_gets_the_head_alone(server: Server) -> None:
    answer = server.ask(b"HEAD /large HTTP/1.1\r\n" + HOST + CLOSE)

    assert b"\r\nContent-Length: 16777216\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_a_long_answer_arrives_whole(server: Server) -> None:
    assert server.body("/large") == b"x" * 16 * 1024 * 1024


@pytest.mark.parametrize("count", [0, 1, 200])
def test_an_answer_in_pieces_arrives_whole_however_late_it_is_read(server: Server, count: int) -> None:
    with server.connect() as link:
        link.sendall(b"GET /pieces?%d HTTP/1.0\r\n\r\n" % count)
        link.settimeout(60)
        threads_are_free = server.body("/pid")

        body = read_all(link).partition(b"\r\n\r\n")[2]

    assert threads_are_free
    assert body == b"".join(b"%08d" % number * 8192 for number in range(count))


def test_an_answer_that_breaks_off_is_seen_to_be_incomplete(server: Server) -> None:
    body = server.body("/broken")

    assert body == b"4\r\nhalf\r\n"  # without the last chunk, which says that it was all


def test_pieces_are_framed_for_http_1_1(server: Server) -> None:
    body = server.body("/pieces?2")

    assert body == b"10000\r\n%b\r\n10000\r\n%b\r\n0\r\n\r\n" % (b"00000000" * 8192, b"00000001" * 8192)


def test_what_was_asked_for_is_done_though_the_client_has_gone(server: Server, tmp_path: Path) -> None:
    deed = tmp_path / "deed"
    with server.connect() as link:
        link.sendall(b"GET /deed?%b HTTP/1.1\r\n%b\r\n" % (str(deed).encode(), HOST))

    wait_for(deed.exists, "the deed is done")
    assert server.body("/pid")
