"""What METRICS_PORT answers: /metrics for Prometheus, and the health of this machine's Kontor."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from socketserver import ThreadingMixIn
from typing import Any, Final, cast
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.http import HttpRequest, HttpResponse

from config.metrics.states import States
from shared.http.health import VIEWS
from shared.metrics.names import ALL
from shared.metrics.recording import begin_at_zero, metrics_directory, prepare_directory

# A client that is slower than this is not a Prometheus.
_CLIENT_SECONDS: Final = 10.0


def serve_metrics(listener: socket.socket) -> None:
    """Answer on this bound socket until the process ends."""
    prepare_directory()
    begin_at_zero()
    with _MetricsServer(listener, make_application()) as server:
        server.serve_forever()


def serve_metrics_in_a_thread(listener: socket.socket) -> None:
    threading.Thread(target=serve_metrics, args=(listener,), name="metrics", daemon=True).start()


def make_application() -> Callable[..., Iterable[bytes]]:
    """The WSGI application behind METRICS_PORT."""
    from prometheus_client import CollectorRegistry, make_wsgi_app
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry(auto_describe=False)
    MultiProcessCollector(registry, str(metrics_directory()))  # type: ignore[no-untyped-call]
    registry.register(cast(Any, _StateCollector(States())))
    metrics: Any = make_wsgi_app(registry)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"].rstrip("/")
        if path == "/metrics":
            return cast(Iterable[bytes], metrics(environ, start_response))
        view = VIEWS.get(path)
        answer = view(HttpRequest()) if view else HttpResponse("See /metrics, /healthz and /readyz.\n", status=404)
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return [answer.content]

    return application


class _StateCollector:
    """Reads the states when somebody looks."""

    def __init__(self, states: States) -> None:
        self._states = states

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        samples = self._states.read()
        for metric in ALL:
            if metric.kind == "state" and metric.name in samples:
                family = GaugeMetricFamily(metric.name, metric.text, labels=metric.labels)
                for labels, value in samples[metric.name]:
                    family.add_metric(labels, value)
                yield family


class _MetricsServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 16

    def __init__(self, listener: socket.socket, application: Callable[..., Any]) -> None:
        super().__init__(listener.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_name, self.server_port = "metrics", listener.getsockname()[1]
        self.setup_environ()
        self.server_activate()
        self.set_app(application)


class _Handler(WSGIRequestHandler):
    timeout = _CLIENT_SECONDS

    def log_message(self, format: str, *args: object) -> None:
        """Who looks every few seconds is not worth a line."""
