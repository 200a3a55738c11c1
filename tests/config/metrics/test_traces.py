"""Traces: one span a request, three within placing, one a job; sent to a collector, which may be away."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from orders.models.order import Order
from shared.background.enqueue import enqueue
from shared.http.tracing import route_template
from tests.config.web.raw import free_port
from tests.shop.goods import make_level
from tests.shop.people import make_buyer
from tests.shop.servers.collector import Collector, collector
from tests.shop.servers.processes import MANAGE, run_once, running, url_of, wait_for

PLACING, CALLER, CALLERS_SPAN = "POST /api/v1/orders", "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@dataclass
class Shop:
    port: int
    secret: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> int:
        headers = {"Authorization": f"Api-Key {self.secret}", "Content-Type": "application/json"} | headers
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as link:
            link.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = link.getresponse()
            answer.read()
            return answer.status

    def is_up(self) -> bool:
        try:
            return self.ask("GET", "/healthz") == 200
        except OSError:
            return False

    def end(self) -> None:
        """What waits to be sent is sent first."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) == 0, self.log.read_text()


@contextmanager
def _shop(secret: str, place: Path, **variables: str) -> Iterator[Shop]:
    port = free_port()
    command = [*MANAGE, "serve", "--port", str(port), "--workers", "1"]
    variables |= {
        "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
        "KONTOR_HOME": str(place),
        "SECRET_KEY": settings.SECRET_KEY,
    }
    with running(command, place / "log", **variables) as process:
        shop = Shop(port, secret, process, place / "log")
        wait_for(shop.is_up, f"the server answers: {place / 'log'}")
        yield shop


@pytest.fixture
def far() -> Iterator[Collector]:
    with collector() as made:
        yield made


def _order() -> dict[str, Any]:
    level = make_level(on_hand=1_000)
    return {"customer": str(make_buyer().customer.pk), "items": [{"variant": str(level.variant_id), "quantity": 1}]}


@pytest.mark.long
def test_a_request_and_what_placing_does_are_spans_of_one_trace(secret: str, tmp_path: Path, far: Collector) -> None:
    order = _order()
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": far.endpoint, "OTEL_TRACES_SAMPLER_ARG": "1"}
    with _shop(secret, tmp_path, **variables) as shop, ThreadPoolExecutor(8) as pool:
        assert shop.ask("POST", "/api/v1/orders", order, traceparent=f"00-{CALLER}-{CALLERS_SPAN}-01") == 201
        assert set(pool.map(lambda _: shop.ask("POST", "/api/v1/orders", order), range(40))) == {201}
        latest = f"/api/v1/orders/{Order.objects.latest('pk').pk}"
        assert shop.ask("GET", latest, **{"X-Request-ID": "of-mine"}) == 200
        assert shop.ask("POST", "/api/v1/orders", {"customer": "somebody@private.example"}) == 400
        assert shop.ask("GET", "/somebody@private.example") == 404
        shop.end()

    (first,) = [span for span in far.named(PLACING) if span.parent]
    assert (first.trace, first.parent) == (CALLER, CALLERS_SPAN)
    placed = [span for span in far.named(PLACING) if span.attributes["http.response.status_code"] == "201"]
    assert len({span.trace for span in placed}) == len(placed) == 41
    sizes = set()
    for request in placed:
        (read,), (together,), (written,) = (
            [span for span in far.named(name) if span.trace == request.trace]
            for name in ("order.read", "order.together", "order.transaction")
        )
        assert (read.parent, together.parent, written.parent) == (request.id, request.id, together.id)
        assert request.began <= read.began <= read.ended <= together.began <= written.ended
        assert written.ended <= together.ended <= request.ended
        sizes.add(int(written.attributes["kontor.orders"]))
    assert max(sizes) > 1

    (shown,) = far.named("GET /api/v1/orders/{pk}")
    assert shown.attributes == {
        "http.request.method": "GET",
        "http.response.status_code": "200",
        "http.route": "/api/v1/orders/{pk}",
    }
    (refused,) = [span for span in far.named(PLACING) if span.attributes["http.response.status_code"] == "400"]
    assert not refused.is_failed
    assert [span.is_failed for span in far.named("order.read") if span.trace == refused.trace] == [True]
    assert [span.attributes.get("http.route", "") for span in far.named("GET")] == [""]
    text = repr(far.spans)
    assert far.services == {"kontor"}
    assert all(words not in text for words in ("private", "secret", "of-mine", "127.0.0.1", "healthz"))


@pytest.mark.long
def test_of_no_share_nothing_is_sent_but_what_a_caller_traces(secret: str, tmp_path: Path, far: Collector) -> None:
    order = _order()
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": far.endpoint, "OTEL_TRACES_SAMPLER_ARG": "0"}
    with _shop(secret, tmp_path, **variables) as shop:
        assert {shop.ask("POST", "/api/v1/orders", order) for _ in range(10)} == {201}
        assert shop.ask("POST", "/api/v1/orders", order, traceparent=f"00-{CALLER}-{CALLERS_SPAN}-01") == 201
        shop.end()

    assert {span.trace for span in far.spans} == {CALLER}
    assert len(far.spans) == 4


@pytest.mark.long
def test_a_collector_that_is_away_costs_no_request(secret: str, tmp_path: Path) -> None:
    order = _order()
    with closing(_deaf()) as deaf:  # takes connections, and never answers
        for endpoint in ("http://127.0.0.1:9", f"http://127.0.0.1:{deaf.getsockname()[1]}"):
            place = tmp_path / endpoint.rpartition(":")[2]
            place.mkdir()
            before = Order.objects.count()
            variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_TRACES_SAMPLER_ARG": "1"}
            # Little room, so that it is full at once, and sent again and again.
            variables |= {"OTEL_BSP_MAX_QUEUE_SIZE": "32", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "8"}
            variables |= {"OTEL_BSP_SCHEDULE_DELAY": "50"}
            with _shop(secret, place, **variables) as shop, ThreadPoolExecutor(4) as pool:
                assert set(pool.map(lambda _: shop.ask("POST", "/api/v1/orders", order), range(60))) == {201}
                assert Order.objects.count() == before + 60
                shop.end()
            assert "Traceback" not in shop.log.read_text()
            assert shop.log.read_text().count("opentelemetry") < 10, shop.log.read_text()


def _deaf() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(100)
    return listener


def test_a_job_is_a_trace_of_its_own(transactional_db: None, far: Collector) -> None:
    enqueue("shared.purge_rate_limit_windows")
    enqueue("shared.remove_old_jobs")  # which is awaited
    run_once("worker", "--once", OTEL_EXPORTER_OTLP_ENDPOINT=far.endpoint, OTEL_TRACES_SAMPLER="always_on")

    assert {"job shared.purge_rate_limit_windows", "job shared.remove_old_jobs"} <= {span.name for span in far.spans}
    assert {span.parent for span in far.spans} == {""}
    assert len({span.trace for span in far.spans}) == len(far.spans)


SHOW = """
import sys
import django
django.setup()
from config.wsgi import application
import config.jobs, orders.api.orders.views
from orders.placing.attempt import place_batch
from orders.services.orders.place_order import QUEUE
from shared.concurrency.together import BatchQueue
assert type(QUEUE) is BatchQueue and QUEUE._work is place_batch
assert not [name for name in sys.modules if name.startswith(("opentelemetry", "shared.metrics.telemetry"))]
"""
WITHOUT = """
import importlib.util
find = importlib.util.find_spec
def find_spec(name, *rest):
    return None if name == "opentelemetry.sdk" else find(name, *rest)
importlib.util.find_spec = find_spec
import config.settings
"""


def _python(script: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **variables}
    return subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_where_nothing_is_traced_nothing_of_it_is_there() -> None:
    done = _python(SHOW, OTEL_EXPORTER_OTLP_ENDPOINT="")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, "install opentelemetry-sdk opentelemetry-exporter"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "127.0.0.1:4318"}, "OTLP over HTTP"),
        ({"OTEL_TRACES_SAMPLER": "sometimes"}, "OTEL_TRACES_SAMPLER: Input should be 'always_on'"),
        ({"OTEL_TRACES_SAMPLER_ARG": "2"}, "OTEL_TRACES_SAMPLER_ARG: Input should be less than or equal to 1"),
    ],
)
def test_what_is_missing_or_wrong_is_named_at_start(variables: dict[str, str], words: str) -> None:
    done = _python(WITHOUT, **variables)
    assert (done.returncode, words in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize(
    ("route", "template"),
    [
        ("api/v1/^orders/(?P<pk>[^/.]+)/payment$", "/api/v1/orders/{pk}/payment"),
        ("api/v1/orders/<uuid:pk>/lines/<line>", "/api/v1/orders/{pk}/lines/{line}"),
        (r"^files/(?P<name>([a-z]+)\.png)$", "/files/{name}"),
        ("", "/"),
    ],
)
def test_routes_are_shown_as_templates(route: str, template: str) -> None:
    assert route_template(route) == template
