"""Web processes and database backends die in the middle of placing: nothing acknowledged is lost, nothing is doubled.

Clients do what integrations do: they send the same request with the same key until somebody answers it.
"""

import json
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from django.db import connection

from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.services.upkeep.audit_books import audit_books
from tests.shop.goods import balances, make_level
from tests.shop.http.api_client import staff_key
from tests.shop.people import Buyer, make_buyer
from tests.shop.servers.processes import MANAGE, running, url_of, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 8
PATIENCE_SECONDS = 60


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


@pytest.fixture
def server(transactional_db: None, tmp_path: Path, port: int) -> Iterator[psutil.Process]:
    """The web server's main process; it starts workers anew that die."""
    command = [*MANAGE, "serve", "--port", str(port), "--workers", "2"]
    with running(command, tmp_path / "log", DATABASE_URL=url_of(connection.settings_dict["NAME"])) as process:
        wait_for(lambda: _answers(port), f"the server answers: {tmp_path / 'log'}")
        yield psutil.Process(process.pid)


def test_orders_survive_the_death_of_workers_and_backends(server: psutil.Process, port: int) -> None:
    level, buyer, secret = make_level(on_hand=100_000), make_buyer(), staff_key()
    over = threading.Event()

    with ThreadPoolExecutor(CLIENTS + 2) as pool:
        clients = [pool.submit(place_until_over, over, port, secret, level, buyer) for _ in range(CLIENTS)]
        killers = [
            pool.submit(kill_now_and_then, partial(_kill_worker, server), times=4, pause=1.5),
            pool.submit(kill_now_and_then, _kill_backend, times=20, pause=0.2),
        ]
        for killer in killers:
            killer.result(PATIENCE_SECONDS)
        over.set()
        acknowledged = [number for client in clients for number in client.result(PATIENCE_SECONDS)]

    assert len(set(acknowledged)) == len(acknowledged) > CLIENTS
    assert set(Order.objects.values_list("number", flat=True)) == set(acknowledged)
    assert balances(level.pk) == (100_000, len(acknowledged))
    assert [(finding.check.name, finding.rows) for finding in audit_books() if finding.count] == []


def place_until_over(over: threading.Event, port: int, secret: str, level: StockLevel, buyer: Buyer) -> list[str]:
    """Place orders one after another, each with a key of its own, again until it is a 201 or a 200."""
    body = json.dumps(
        {"customer": str(buyer.customer.pk), "items": [{"variant": str(level.variant_id), "quantity": 1}]}
    )
    numbers = []
    while not over.is_set():
        key = str(uuid4())
        while (number := _post(port, secret, body, key)) is None:
            time.sleep(0.05)
        numbers.append(number)
    return numbers


def _post(port: int, secret: str, body: str, key: str) -> str | None:
    headers = {"Content-Type": "application/json", "Authorization": f"Api-Key {secret}", "Idempotency-Key": key}
    link = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        link.request("POST", "/api/v1/orders", body, headers)
        answer = link.getresponse()
        content = json.loads(answer.read())
    except (OSError, HTTPException):
        return None  # the worker died under the request
    finally:
        link.close()
    assert answer.status in {200, 201, 503}, content
    return None if answer.status == 503 else str(content["number"])


def kill_now_and_then(kill: Callable[[], int], *, times: int, pause: float) -> None:
    """Kill so many, one every `pause` seconds or so."""
    while times > 0:
        time.sleep(random.uniform(0.5, 1.5) * pause)
        times -= kill()


def _kill_worker(server: psutil.Process) -> int:
    """The oldest one: the server gives up on a worker that dies again within seconds of its birth."""
    workers = sorted(server.children(), key=lambda worker: worker.create_time())
    if len(workers) > 1:
        workers[0].send_signal(signal.SIGKILL)
    return len(workers) // 2


def _kill_backend() -> int:
    """End one of the server's database connections, whatever it is doing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT count(pg_terminate_backend(pid)) FROM (
                       SELECT pid FROM pg_stat_activity
                       WHERE datname = current_database() AND application_name = 'kontor'
                             AND pid <> pg_backend_pid() AND NOT pid = ANY(%s)
                       ORDER BY random() LIMIT 1
                   ) AS victim""",
                [list(_own_backends)],
            )
            return int(cursor.fetchone()[0])
    finally:
        connection.close()


_own_backends: set[int] = set()


@pytest.fixture(autouse=True)
def _spare_this_process(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        _own_backends.add(cursor.fetchone()[0])


def _answers(port: int) -> bool:
    link = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("GET", "/readyz")
        return link.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        link.close()
