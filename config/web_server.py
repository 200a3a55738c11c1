"""The web server: granian, WSGI, one process per core or so and few threads in each (docs/decisions)."""

import gc
import os
import socket
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import get_resolver
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from config.lifelines import stop_with_parent

THREADS_PER_WORKER = 8
STOP_SECONDS = 8  # for requests under way
LONGEST_QUEUE = 1024  # connections waiting to be accepted


class PortTaken(Exception):
    """Somebody listens there already, or the address is not this machine's."""


def check_port_is_free(host: str, port: int) -> None:
    """Raises PortTaken. Granian shares a port with whoever allows it: it would not notice a second Kontor."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except (OSError, socket.gaierror) as error:
            reason = error.strerror or str(error)
            raise PortTaken(
                f"Cannot listen on {host}:{port}: {reason}. Choose another port: PORT={port + 1} make run"
            ) from error


def serve(*, host: str, port: int, workers: int) -> None:
    """Serve until SIGINT or SIGTERM. Call it without an open database connection: the workers are forks."""
    parent = os.getpid()

    def load_application(target: str) -> Callable[..., Any]:
        """Runs in each worker."""
        stop_with_parent(parent)
        from config.wsgi import application

        get_resolver().url_patterns  # noqa: B018 - imports all views now, not within the first request
        _collect_garbage_less_often()
        return _answering_in_one_piece(application)

    Granian(
        "config.wsgi:application",
        address=host.strip("[]"),
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS_PER_WORKER,
        backlog=LONGEST_QUEUE,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.warning,
        log_dictconfig=settings.LOGGING,
    ).serve(target_loader=load_application)


def _answering_in_one_piece(application: Callable[..., Any]) -> Callable[..., Any]:
    """Granian sends a list at once; a response it would ask for piece by piece, changing threads for each."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        response = application(environ, start_response)
        if response.streaming:
            return response
        pieces = [response.content]
        response.close()
        return pieces

    return answer


def _collect_garbage_less_often() -> None:
    """What was imported stays for good, and a request makes thousands of objects, of which few are in cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
