"""OpenTelemetry, which is installed beside Kontor: where spans begin, and the thread that sends them. Imported by
shared.metrics.tracing alone, and only where something is traced."""

import logging
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

# Not tracestate: its words are the caller's, and would be sent on with every span.
_HEADER: Final = "traceparent"
# What the standard leaves to whoever sends: its defaults take every request, and wait for ten seconds.
_DEFAULTS: Final = {"OTEL_SERVICE_NAME": "kontor", "OTEL_EXPORTER_OTLP_TIMEOUT": "3"}
SILENT_SECONDS: Final = 600.0
_providers: list[TracerProvider] = []
_making = threading.Lock()


class _Seldom(logging.Filter):
    """A collector that is away is told of by the exporter at every try, every few seconds."""

    _told_at = -SILENT_SECONDS

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if record.levelno < logging.ERROR or now - self._told_at < SILENT_SECONDS:
            return False
        self._told_at = now
        return True


@contextmanager
def open_span(name: str, *, kind: str, caller: Mapping[str, str] | None) -> Iterator[Any]:
    with tracer().start_as_current_span(
        name,
        context=None if caller is None else _context_of(caller),
        kind=SpanKind[kind],
        record_exception=False,
        set_status_on_exception=False,
    ) as made:
        try:
            yield made
        except Exception as error:
            made.set_status(StatusCode.ERROR)
            made.set_attribute("error.type", type(error).__name__)
            raise


def tracer() -> Tracer:
    """The provider is made by the first span of a process: web processes are forks, and what sends is a thread."""
    if not _providers:
        with _making:
            if not _providers:
                _providers.append(_make_provider())
    return _providers[0].get_tracer("kontor")


def send_all() -> None:
    for provider in _providers:
        provider.force_flush()


def _make_provider() -> TracerProvider:
    """By the variables of the standard, of which Kontor's own file may have some."""
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    os.environ |= settings.TRACES_VARIABLES
    logging.getLogger(OTLPSpanExporter.__module__).addFilter(_Seldom())
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def _context_of(headers: Mapping[str, str]) -> Context:
    found = {_HEADER: headers[_HEADER]} if headers.get(_HEADER) else {}
    return TraceContextTextMapPropagator().extract(found, context=Context())
