"""Kontor as it is installed, while strangers do what they can to stop it: an order is placed, health is answered."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.db import connection

from config.web.limits import allow_many_files
from tests.config.web.raw import HOST, PATIENCE_SECONDS, Server, free_port
from tests.shop.goods import balances, make_level
from tests.shop.http.api_client import staff_key
from tests.shop.people import make_buyer
from tests.shop.servers.processes import MANAGE, running, url_of, wait_for

SLOW, SILENT, ENDLESS = 40, 1_100, 4
HEALTH_SECONDS = 5.0  # of a machine that is busy otherwise; the bounds of the attacks are 10 s
Attack = Callable[[Server, ExitStack], None]


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """As `make run` starts it, with all its defaults."""
    server = Server(free_port())
    with running(
        [*MANAGE, "serve", "--port", str(server.port)],
        tmp_path / "log",
        DATABASE_URL=url_of(connection.settings_dict["NAME"]),
    ) as process:
        server.pid = process.pid
        wait_for(server.answers, f"the server answers: {tmp_path / 'log'}")
        yield server


def _slow_bodies(server: Server, stack: ExitStack) -> None:
    for _ in range(SLOW):
        head = b"POST /api/v1/orders HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
        stack.enter_context(server.connect()).sendall(head + b"Content-Length: 1000\r\n\r\n{")


def _slow_headers(server: Server, stack: ExitStack) -> None:
    for _ in range(SLOW):
        stack.enter_context(server.connect()).sendall(b"GET /api/v1/variants HTTP/1.1\r\nHost: loc")


def _silence(server: Server, stack: ExitStack) -> None:
    allow_many_files()
    for _ in range(SILENT):
        stack.enter_context(server.connect())


def _endless_bodies(server: Server, stack: ExitStack) -> None:
    def flood() -> None:
        with suppress(OSError), server.connect() as link:
            link.sendall(b"POST /api/v1/orders HTTP/1.1\r\n" + HOST + b"Content-Length: 1000000000000\r\n\r\n")
            while True:
                link.sendall(b"x" * 65_536)

    threads = [threading.Thread(target=flood, daemon=True) for _ in range(ENDLESS)]
    for thread in threads:
        thread.start()
        stack.callback(thread.join, PATIENCE_SECONDS)


def _prior_knowledge(server: Server, stack: ExitStack) -> None:
    for _ in range(SLOW):
        stack.enter_context(server.connect()).sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")


def _slow_readers(server: Server, stack: ExitStack) -> None:
    path = b"/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"
    for _ in range(SLOW):
        stack.enter_context(server.connect()).sendall(b"GET %b HTTP/1.1\r\n%b\r\n" % (path, HOST))


def test_an_order_is_placed_and_health_is_answered_during_every_attack(server: Server) -> None:
    level, buyer, secret = make_level(on_hand=100), make_buyer(), staff_key()
    body = json.dumps(
        {"customer": str(buyer.customer.pk), "items": [{"variant": str(level.variant_id), "quantity": 1}]}
    )
    attacks: list[Attack] = [_slow_bodies, _slow_headers, _silence, _endless_bodies, _prior_knowledge, _slow_readers]
    slowest = 0.0

    with ExitStack() as stack:
        for attack in attacks:
            attack(server, stack)
            for path in ("/healthz", "/readyz"):
                began = time.monotonic()
                assert server.get(path).startswith(b"HTTP/1.1 200 "), (attack, path)
                slowest = max(slowest, time.monotonic() - began)
            assert _place(server, secret, body) == 201, attack

    assert balances(level.pk) == (100, len(attacks))
    assert slowest < HEALTH_SECONDS


def _place(server: Server, secret: str, body: str) -> int:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)) as link:
        headers = {"Content-Type": "application/json", "Authorization": f"Api-Key {secret}"}
        link.request("POST", "/api/v1/orders", body, headers)
        answer = link.getresponse()
        answer.read()
        return answer.status
