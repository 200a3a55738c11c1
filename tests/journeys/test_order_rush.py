"""`ab -n 100 -c 100 -T application/json -p order.json …/orders` against real server processes, by own sockets."""

import json
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.services.upkeep.audit_books import audit_books
from tests.shop.goods import balances, make_level
from tests.shop.people import Buyer, make_buyer
from tests.shop.servers.processes import MANAGE, running, url_of, wait_for
from users.models.user import User
from users.services.create_api_key import create_api_key

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = 100
PATIENCE_SECONDS = 60


@pytest.fixture
def port(transactional_db: None, tmp_path: Path) -> Iterator[int]:
    """Where two web processes serve the test database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    database = url_of(connection.settings_dict["NAME"])
    command = [*MANAGE, "serve", "--port", str(port), "--workers", "2"]
    with running(command, tmp_path / "log", DATABASE_URL=database):
        wait_for(lambda: _listens(port), f"the server listens: {tmp_path / 'log'}")
        yield port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def level() -> StockLevel:
    """The last ten units."""
    return make_level(on_hand=10)


def raw_request(level: StockLevel, buyer: Buyer, *headers: str) -> bytes:
    """The request as ab writes it, for one unit."""
    staff = User.objects.create_superuser("staff@example.com")
    _, secret = create_api_key(owner=staff, name="ab", scopes=["orders:write"])
    items = [{"variant": str(level.variant_id), "quantity": 1}]
    body = json.dumps({"customer": str(buyer.customer.pk), "items": items}).encode()
    head = [
        "POST /api/v1/orders HTTP/1.0",
        f"Content-length: {len(body)}",
        "Content-type: application/json",
        f"Authorization: Api-Key {secret}",
        *headers,
        "Host: localhost",
        "User-Agent: ApacheBench/2.3",
        "Accept: */*",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


def send_all_at_once(port: int, request: bytes) -> list[tuple[int, dict[str, Any]]]:
    """Open a hundred connections, then send on all of them, then read all answers: (status, body)."""
    with ExitStack() as open_links:
        links = [
            open_links.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS))
            for _ in range(BUYERS)
        ]
        for link in links:
            link.sendall(request)
        return [_read(link) for link in links]


def _read(link: socket.socket) -> tuple[int, dict[str, Any]]:
    answer = b"".join(iter(lambda: link.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def _no_drift() -> None:
    assert [(f.check.name, f.rows) for f in audit_books() if f.count and f.check.is_discrepancy] == []


def test_a_hundred_buyers_of_the_last_ten_units(port: int, level: StockLevel) -> None:
    request = raw_request(level, make_buyer())

    answers = send_all_at_once(port, request)

    assert Counter(status for status, _ in answers) == {201: 10, 409: 90}
    assert {body["code"] for status, body in answers if status == 409} == {"insufficient_stock"}
    assert len({body["number"] for status, body in answers if status == 201}) == Order.objects.count() == 10
    assert balances(level.pk) == (10, 10)
    _no_drift()


def test_a_hundred_requests_with_one_key_place_one_order(port: int, level: StockLevel) -> None:
    request = raw_request(level, make_buyer(), "Idempotency-Key: rush-1")

    answers = send_all_at_once(port, request)

    assert Counter(status for status, _ in answers) == {201: 1, 200: 99}
    assert {body["id"] for _, body in answers} == {str(Order.objects.get().pk)}
    assert balances(level.pk) == (10, 1)
    _no_drift()
