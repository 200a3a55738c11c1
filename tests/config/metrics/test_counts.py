"""What is counted where things happen, as Prometheus sees it: over several processes, one of which is killed."""

import ast
import json
import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from django.conf import settings
from django.db import connection

from shared.clock import database_now
from shared.database.conflicts import LOST, QUERY_CANCELED, READ_ONLY, RUN_AGAIN_AFTER
from shared.database.operation_runs import record_run
from shared.metrics.names import ALL
from shared.metrics.works import REASONS, WORKS
from shared.models.operation_run import OperationKind
from tests.architecture.source import PACKAGES, modules
from tests.config.web.raw import free_port
from tests.shop.goods import make_level
from tests.shop.people import make_buyer
from tests.shop.servers.processes import MANAGE, run_once, running, url_of, wait_for

_SAMPLE = re.compile(r"^(?P<series>[a-z_]+(?:\{.*\})?) (?P<value>\S+)$", re.MULTILINE)
_PART_OF_HISTOGRAM = re.compile(r"(_sum|_count|_bucket)?(\{.*\})?$")
MOST_SERIES = 2_000


@dataclass
class Shop:
    """A web server of two processes that shows its metrics on a port of its own; `secret` is an API key's."""

    port: int
    metrics_port: int
    secret: str
    pid: int = 0

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None) -> int:
        headers = {"Authorization": f"Api-Key {self.secret}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as link:
            link.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = link.getresponse()
            answer.read()
            return answer.status

    def look(self, path: str = "/metrics") -> str:
        with closing(HTTPConnection("127.0.0.1", self.metrics_port, timeout=60)) as link:
            link.request("GET", path)
            return link.getresponse().read().decode()

    def samples(self) -> dict[str, float]:
        return {found["series"]: float(found["value"]) for found in _SAMPLE.finditer(self.look())}

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz") == 200 and self.look("/healthz") == '{"status": "ok"}'
        except OSError:
            return False


@pytest.fixture
def shop(secret: str, tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(free_port(), free_port(), secret)
    command = [*MANAGE, "serve", "--port", str(shop.port), "--workers", "2"]
    variables = {
        "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
        "METRICS_PORT": str(shop.metrics_port),
        "KONTOR_HOME": str(tmp_path),
        "SECRET_KEY": settings.SECRET_KEY,
    }
    with running(command, tmp_path / "log", **variables) as process:
        shop.pid = process.pid
        wait_for(shop.answers, f"the server answers: {tmp_path / 'log'}")
        yield shop


def _busy_process(shop: Shop) -> int:
    """A web process that has counted something already."""
    children = {str(child.pid) for child in psutil.Process(shop.pid).children()}
    home = Path(psutil.Process(shop.pid).environ()["KONTOR_HOME"])
    counted = {file.stem.rpartition("_")[2] for file in (home / "run" / "metrics").rglob("histogram_*.db")}
    shows = {str(child.pid) for child in psutil.Process(shop.pid).children() if _listens_on(child, shop.metrics_port)}
    return int(min((children & counted) - shows))


def _listens_on(process: psutil.Process, port: int) -> bool:
    return any(link.laddr.port == port and link.status == psutil.CONN_LISTEN for link in process.net_connections())


@pytest.mark.long
def test_sums_are_right_though_a_process_was_killed(shop: Shop) -> None:
    """Orders placed, asked for again, refused for want of stock and for other reasons."""
    buyer, level, scarce = make_buyer(), make_level(on_hand=100), make_level(on_hand=1)
    plenty = {"customer": str(buyer.customer.pk), "items": [{"variant": str(level.variant_id), "quantity": 1}]}
    too_much = {"customer": str(buyer.customer.pk), "items": [{"variant": str(scarce.variant_id), "quantity": 5}]}

    def place_many(number: int) -> list[int]:
        keys = [str(uuid4()) for _ in range(number)]
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(lambda key: shop.ask("POST", "/api/v1/orders", plenty, key), keys))

    first = place_many(20)
    os.kill(_busy_process(shop), signal.SIGKILL)
    wait_for(shop.answers, "the server answers again")
    second = place_many(10)
    again = [shop.ask("POST", "/api/v1/orders", plenty, "the-same") for _ in range(3)]
    short = [shop.ask("POST", "/api/v1/orders", too_much, str(uuid4())) for _ in range(2)]
    other = [
        shop.ask("POST", "/api/v1/orders", {"items": []}),  # what cannot be read as an order
        shop.ask("POST", "/api/v1/orders", {**plenty, "customer": str(uuid4())}),  # for nobody
        shop.ask("POST", "/api/v1/orders/", {**plenty, "note": "n" * 1_200_000}),  # above 1 MiB
        shop.ask("POST", "/api/v1/orders?x=%00", plenty),
    ]
    nobody = Shop(shop.port, shop.metrics_port, "kontor_none")
    stranger = nobody.ask("POST", "/api/v1/orders", plenty)
    strangers = [
        nobody.ask("POST", "/api/v1/orders", {**plenty, "note": "n" * 1_200_000}),
        nobody.ask("POST", "/api/v1/orders?x=%00", plenty),
    ]
    assert (other[2:], strangers) == ([413, 400], [413, 400])

    found = shop.samples()
    assert (first + second, again, short, stranger) == ([201] * 30, [201, 200, 200], [409] * 2, 401)
    assert all(400 <= status < 500 for status in other)
    assert {
        name: found[f'kontor_orders_total{{result="{name}"}}']
        for name in ("placed", "replayed", "refused_stock", "refused_other")
    } == {"placed": 31, "replayed": 2, "refused_stock": 2, "refused_other": 4}
    assert found["kontor_place_seconds_count"] == 31 + 2 + 2 + 1  # the one that could not be read was never tried
    assert found['kontor_reservations{status="active"}'] == 31
    assert found['kontor_http_requests_total{area="placing",class="2xx"}'] == 33
    assert len(found) < MOST_SERIES
    assert {_PART_OF_HISTOGRAM.sub("", series) for series in found} <= {metric.name for metric in ALL}


def test_counters_begin_at_zero(shop: Shop) -> None:
    found = shop.samples()

    assert {found[f'kontor_transaction_conflicts_total{{sqlstate="{why}",work="place_order"}}'] for why in REASONS} == {
        0
    }
    assert found['kontor_http_requests_total{area="placing",class="5xx"}'] == 0
    counted = {_PART_OF_HISTOGRAM.sub("", series) for series in found}
    assert {metric.name for metric in ALL if metric.kind == "counter"} <= counted
    assert len(found) < MOST_SERIES


def test_each_code_after_which_something_is_run_again_is_known() -> None:
    assert {QUERY_CANCELED, READ_ONLY, LOST, *RUN_AGAIN_AFTER} <= {*REASONS}


def test_what_is_run_again_is_known_by_name() -> None:
    """Each name that is given to retry_transaction, or to what passes it on."""
    calls = [
        call
        for module in modules(*PACKAGES)
        for taker in ("retry_transaction", "change_under_lock")
        for call in module.calls(taker)
    ]
    arguments = [argument.value for call in calls for argument in call.keywords if argument.arg == "name"]
    named = [value.value for value in arguments if isinstance(value, ast.Constant)]

    assert {*named, "adjust_stock", "receive_stock"} == {*WORKS}


def test_an_audit_is_told_of_by_whoever_shows_metrics(shop: Shop) -> None:
    assert not [name for name in shop.samples() if name.startswith("kontor_audit")]

    run_once("audit")
    wait_for(lambda: "kontor_audit_age_seconds" in shop.samples(), "the audit is shown")

    assert shop.samples()["kontor_audit_discrepancies"] == 0
    assert shop.samples()["kontor_audit_age_seconds"] < 3600
    assert json.loads(shop.look("/readyz"))["status"] == "ready"
    assert "/metrics" in shop.look("/")


def test_what_an_audit_of_everything_found_is_not_taken_back_by_one_of_some_orders(shop: Shop) -> None:
    def record(discrepancies: int, **data: str) -> None:
        found: dict[str, Any] = {"discrepancies": discrepancies, **data}
        record_run(OperationKind.AUDIT, began_at=database_now(), has_succeeded=not discrepancies, data=found)

    record(2)
    record(0, changed_since="2026-01-01")
    wait_for(lambda: shop.samples().get("kontor_audit_discrepancies") == 2, "the whole audit's are shown")

    record(0)
    record(3, changed_since="2026-01-01")
    wait_for(lambda: shop.samples()["kontor_audit_discrepancies"] == 3, "those of changed orders are shown")
