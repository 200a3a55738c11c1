"""The web server: one process per core or so, few threads in each (docs/decisions/web-server.md)."""

import gc
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connections
from django.urls import get_resolver

from config.metrics.server import serve_metrics
from config.processes.lifelines import is_supervised
from config.web.limits import Limits, allow_many_files
from config.web.ports import bind
from config.web.processes import WebProcesses
from config.web.takeover import Door, Taken, door_of

THREADS_PER_WORKER = 8
LONGEST_QUEUE = 2048  # connections waiting to be accepted
SWITCH_SECONDS = 0.001  # between threads that compute: the event loop reads while requests run


def serve(
    *, host: str, port: int, workers: int, metrics: tuple[str, int] | None = None, taken: Taken | None = None
) -> None:
    """Serve until SIGINT or SIGTERM. Call it without an open database connection: the workers are forks. `metrics`:
    the address at which one more process shows them. `taken`: from a running server, which ends once this one is up."""
    listener = taken.listener if taken else bind(host, port)
    door = Door(door_of(settings.KONTOR_HOME, port), listener, is_supervised=is_supervised())
    application = _load_application()
    connections.close_all()
    listener.listen(LONGEST_QUEUE)  # not before requests can be answered
    limits = replace(
        Limits(),
        connections=allow_many_files(),
        connections_per_address=settings.CONNECTIONS_PER_ADDRESS,
        slow_bodies_per_address=settings.SLOW_BODIES_PER_ADDRESS,
        drain_seconds=0.0 if is_supervised() else settings.DRAIN_SECONDS,  # at the end of `make run` nobody looks
    )
    WebProcesses(
        listener,
        workers,
        limits,
        threads=THREADS_PER_WORKER,
        application=application,
        companion=partial(_show_metrics, *metrics) if metrics else None,
        each_tick=door.answer,
        when_up=partial(_take_place, door, taken),
    ).run()


def _take_place(door: Door, taken: Taken | None) -> None:
    door.open()
    if taken:
        taken.send_away()


def _show_metrics(host: str, port: int) -> None:
    """Bound here, in the process of its own: inherited, it would stay open in all the others."""
    serve_metrics(bind(host, port, variable="METRICS_PORT"))


def _load_application() -> Callable[..., Any]:
    from config.wsgi import application

    get_resolver().url_patterns  # noqa: B018 - imports all views now, not within the first request
    sys.setswitchinterval(SWITCH_SECONDS)
    # A request makes thousands of objects, of which few are in cycles.
    gc.set_threshold(20_000, 20, 50)
    return application
