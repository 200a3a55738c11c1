"""kill -9 of live, the worker's threads and the web server again and again, and of the database, while orders come: the
feed has each row of the ledgers once and in their order, and whoever listens each event, once by its id."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psycopg
import pytest

from embedded_postgres.throwaway import EmbeddedServer
from tests.events.live.listening import Live, free_port
from tests.shop.servers.embedded_clients import postmaster
from tests.shop.servers.processes import MANAGE, running, wait_for
from tests.shop.servers.webhook_receiver import Receiver, receiver_running

pytestmark = [pytest.mark.system, pytest.mark.long]
TYPES = "order.*,stock.*"
ROUNDS, PAUSE_SECONDS, BUYERS = 2, 0.8, 2
AWAY = (OSError, HTTPException)  # what a client sees of a server that was killed

_FILL = """
import json, django
django.setup()
from tests.shop.goods import make_level
from tests.shop.http.api_client import machine
from tests.shop.people import SuperuserFactory, make_buyer
key = machine(SuperuserFactory.create(), "orders:write", "orders:read", "payments:write", "events:read",
              "webhooks:write", "stock:read", "customers:read").authorization
print(json.dumps({"key": key, "customer": str(make_buyer().customer.pk), "sku": make_level(on_hand=5000).variant.sku}))
"""
# As the worker has them; a lease that ends soon, so that nobody waits a minute for what a killed one had taken.
_WORK = """
import django
from datetime import timedelta
django.setup()
from config.processes.sequencing import SequencerThread
from config.processes.webhook_sending import WebhookThread
threads = [SequencerThread(), WebhookThread(lease=timedelta(seconds=1))]
for thread in threads:
    thread.start()
print("at work", flush=True)
for thread in threads:
    thread.join()
"""


# `place`: where the ledger has the row among those of its record.
_TOLD_WRONGLY = """
SELECT * FROM (
    SELECT row.id, event.sequence, lag(event.sequence) OVER (PARTITION BY row.record ORDER BY row.place) AS before
    FROM (
        SELECT id, order_id AS record, extract(epoch FROM created_at) AS place FROM orders_order_event
        UNION ALL
        SELECT id, level_id, level_version FROM inventory_stock_movement
    ) AS row LEFT JOIN events_event AS event ON event.id = row.id
) AS told
WHERE sequence IS NULL OR sequence <= before
"""


@dataclass
class Shop:
    """A database of its own that can be killed, and where its web server is."""

    server: EmbeddedServer
    receiver: str  # where webhooks may be sent to
    port: int = field(default_factory=free_port)
    facts: dict[str, str] = field(default_factory=dict)
    paid: list[str] = field(default_factory=list)

    def variables(self) -> dict[str, str]:
        named = {"DATABASE_URL": self.server.url, "DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "k" * 50}
        return named | {"PORT": str(self.port), "WEB_WORKERS": "1", "WEBHOOK_ALLOW_HOSTS": self.receiver}

    def run(self, *command: str) -> str:
        done = subprocess.run(
            command, env={**os.environ, **self.variables()}, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, method: str, path: str, body: Any = None, key: str = "") -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": self.facts["key"], "Content-Type": "application/json"}
            | ({"Idempotency-Key": key} if key else {}),
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    def insist(self, method: str, path: str, body: Any = None, key: str = "") -> Any:
        """Again until it is answered, as clients do."""
        until = time.monotonic() + 60
        while True:
            try:
                return self.ask(method, path, body, key)
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    raise
            except AWAY:
                pass
            assert time.monotonic() < until, f"no answer to {method} {path}"
            time.sleep(0.1)

    def buy(self, number: int) -> None:
        line = {"variant": self.facts["sku"], "quantity": 1}
        order = self.insist("POST", "/orders", {"customer": self.facts["customer"], "items": [line]}, key=f"k{number}")
        self.insist("PATCH", f"/orders/{order['id']}/payment", {"status": "paid", "reference": f"r{number}"})
        self.paid.append(order["id"])


@contextmanager
def shop_filled(receiver: str) -> Iterator[Shop]:
    with EmbeddedServer() as server:
        shop = Shop(server, receiver)
        shop.run(*MANAGE, "migrate", "--verbosity", "0")
        shop.facts = json.loads(shop.run(sys.executable, "-c", _FILL).splitlines()[-1])
        yield shop


class Killed:
    """A process that is killed and started again."""

    def __init__(self, command: list[str], log: Path, variables: dict[str, str], is_up: Callable[[], bool]) -> None:
        self._command, self._log, self._variables, self.is_up = command, log, variables, is_up
        self.name = log.name
        self._stack = ExitStack()
        self.start()

    def start(self) -> None:
        self.process = self._stack.enter_context(running(self._command, self._log, **self._variables))

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.end()
        self.start()

    def end(self) -> None:
        self._stack.close()


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def poll(shop: Shop, heard: list[dict[str, Any]], stopped: threading.Event) -> None:
    after = 0
    while not stopped.wait(0.1):
        page = shop.insist("GET", f"/events?after={after}&types={TYPES}&limit=50")
        heard += page["events"]
        after = page["next_after"]


def listen(live: Callable[[], Live], key: str, heard: list[dict[str, Any]], stopped: threading.Event) -> None:
    last = 0
    while not stopped.wait(0.05):
        try:
            stream = live().events(key, last=last, types=TYPES)
            while (told := stream.next()) is not None and not stopped.is_set():
                heard.append(told)
                last = stream.last_id
            stream.close()
        except (*AWAY, ValueError):  # half a line of an event is none
            continue


def expected_events(shop: Shop) -> list[str]:
    with psycopg.connect(shop.server.url) as link:
        wanted = (
            "SELECT id::text FROM events_event WHERE split_part(type, '.', 1) IN ('order', 'stock') ORDER BY position"
        )
        return [row[0] for row in link.execute(wanted)]


def told_wrongly(shop: Shop) -> list[Any]:
    """Rows of the ledgers that are no event, or whose event is not where the ledger has them."""
    with psycopg.connect(shop.server.url) as link:
        return link.execute(_TOLD_WRONGLY).fetchall()


def once_each(heard: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As a consumer that remembers ids takes them."""
    return list({event["id"]: event for event in reversed(heard)}.values())[::-1]


def in_order_of_each_record(heard: list[dict[str, Any]]) -> bool:
    seen: dict[str, int] = {}
    for event in heard:
        record = event["aggregate"]["id"]
        if event["sequence"] <= seen.get(record, 0):
            return False
        seen[record] = event["sequence"]
    return True


def kill_database(shop: Shop) -> None:
    """Once it has come back from the time before; its keeper starts it again."""

    def answers() -> bool:
        try:
            with psycopg.connect(shop.server.url) as link:
                return link.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    wait_for(answers, "the database is back")
    os.kill(postmaster(shop.server.home), signal.SIGKILL)


def wreck(shop: Shop, *processes: Killed) -> None:
    """All, one after the other, each once it is at work again, while the buyers go on; the database once."""
    for number in range(ROUNDS):
        for process in processes:
            wait_for(process.is_up, f"{process.name} is at work")
            time.sleep(PAUSE_SECONDS)
            process.kill()
        if number == 0:
            kill_database(shop)


def test_whatever_is_killed_nobody_misses_an_event_and_none_is_made_twice(tmp_path: Path) -> None:
    with receiver_running() as receiver, shop_filled(receiver.host) as shop, ExitStack() as stack:
        web = Killed([*MANAGE, "serve"], tmp_path / "web", shop.variables(), partial(accepts, shop.port))
        stack.callback(web.end)
        made = shop.insist("POST", "/webhook-endpoints", {"url": receiver.url(), "types": TYPES.split(",")}, key="hook")
        live_port = free_port()
        live = Killed(
            [*MANAGE, "live", "--port", str(live_port)],
            tmp_path / "live",
            shop.variables(),
            partial(accepts, live_port),
        )
        log = tmp_path / "worker"
        worker = Killed([sys.executable, "-c", _WORK], log, shop.variables(), lambda: "at work" in log.read_text())
        stack.callback(live.end)
        stack.callback(worker.end)
        stopped, polled, streamed = threading.Event(), list[dict[str, Any]](), list[dict[str, Any]]()
        stack.callback(stopped.set)
        listeners = [
            threading.Thread(target=poll, args=(shop, polled, stopped), daemon=True),
            threading.Thread(
                target=listen,
                args=(lambda: Live(live_port, live.process), shop.facts["key"], streamed, stopped),
                daemon=True,
            ),
        ]
        bought = threading.Event()

        def buy(first: int) -> None:
            number = first
            while not bought.is_set():
                shop.buy(number)
                number += BUYERS

        buyers = [threading.Thread(target=buy, args=(first,), daemon=True) for first in range(BUYERS)]
        for thread in (*listeners, *buyers):
            thread.start()

        wreck(shop, live, worker, web)
        bought.set()
        for thread in buyers:
            thread.join(60)
        _wait_for_all(shop, polled, streamed, receiver)

        expected = expected_events(shop)
        delivered = [one.verified(made["secret"]) for one in receiver.taken()]
        assert len(shop.paid) == len(set(shop.paid)) > ROUNDS
        assert [event["id"] for event in polled] == expected
        assert [event["id"] for event in once_each(streamed)] == expected
        assert {event["id"] for event in delivered} == set(expected)
        assert in_order_of_each_record(once_each(delivered))
        assert told_wrongly(shop) == []
        assert "DISCREPANCY" not in shop.run(*MANAGE, "audit")


def _wait_for_all(shop: Shop, polled: list[dict[str, Any]], streamed: list[dict[str, Any]], receiver: Receiver) -> None:
    """Until each listener has as many as there are; how the last one is called when an order has been paid."""

    def has_all() -> bool:
        paid = {event["aggregate"]["id"] for event in polled if event["type"] == "order.paid"}
        expected = len(expected_events(shop))
        heard = (len(polled), len({each["id"] for each in streamed}), len({one.id for one in receiver.taken()}))
        return set(shop.paid) <= paid and all(many >= expected for many in heard)

    wait_for(has_all, "each listener has every event")
