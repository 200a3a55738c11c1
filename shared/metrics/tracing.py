"""Traces, where OTEL_EXPORTER_OTLP_ENDPOINT is set. Where it is not, nothing of OpenTelemetry is imported, and what is
decorated here is what it was.

Names and attributes are routes, statuses and counts. Nothing that a caller sent is among them, and no fault's words: a
trace leaves the house.
"""

import inspect
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, Final, TypeVar

from django.conf import settings

F = TypeVar("F", bound=Callable[..., Any])

IS_ON: Final[bool] = settings.TRACES
_FLUSH_SECONDS: Final = 1.0  # of a process that is to stop: a collector that is away keeps nobody


def span(name: str, *, kind: str = "INTERNAL", caller: Mapping[str, str] | None = None) -> AbstractContextManager[Any]:
    """Only where IS_ON. `caller`: headers of a request, which may name the trace that it belongs to."""
    from shared.metrics.telemetry import open_span

    return open_span(name, kind=kind, caller=caller)


def add_span(name: str, *, began: int, ended: int, attributes: Mapping[str, int]) -> None:
    """Of what another thread did for this one, between these moments (nanoseconds). Only where IS_ON."""
    from shared.metrics.telemetry import tracer

    tracer().start_span(name, start_time=began, attributes=attributes).end(ended)


def traced(name: str) -> Callable[[F], F]:
    """Each call is a span."""

    def wrap(function: F) -> F:
        if not IS_ON:
            return function

        @wraps(function)
        def call(*args: Any, **arguments: Any) -> Any:
            with span(name):
                return function(*args, **arguments)

        return call  # type: ignore[return-value]

    return wrap


def traced_job(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Each run is a trace of its own, of a function that has to be awaited, too."""
    if not IS_ON:
        return function

    def run(*args: Any, **arguments: Any) -> Any:
        if inspect.iscoroutinefunction(function):
            return _await_traced(name, function(*args, **arguments))
        with span(f"job {name}", kind="CONSUMER", caller={}):
            return function(*args, **arguments)

    return run


async def _await_traced(name: str, work: Awaitable[Any]) -> Any:
    with span(f"job {name}", kind="CONSUMER", caller={}):
        return await work


def flush() -> None:
    """Before a process ends: send what waits to be sent, for a moment at most."""
    if IS_ON:
        from shared.metrics.telemetry import send_all

        sending = threading.Thread(target=send_all, daemon=True)
        sending.start()
        sending.join(_FLUSH_SECONDS)
