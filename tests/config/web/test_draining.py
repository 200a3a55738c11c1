"""A server that is told to go says so to balancers before it stops to serve."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.config.web.raw import Server, free_port
from tests.shop.servers.processes import MANAGE, running, url_of, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def draining(folder: Path, *, seconds: int) -> Iterator[tuple[Server, subprocess.Popen[bytes]]]:
    """A server that serves for so long after it was told to go."""
    variables = {
        "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
        "KONTOR_HOME": str(folder),
        "SECRET_KEY": settings.SECRET_KEY,
        "PORT": str(free_port()),
        "WEB_WORKERS": "2",
        "DRAIN_SECONDS": str(seconds),
    }
    server = Server(int(variables["PORT"]))
    with running([*MANAGE, "serve"], folder / "log", **variables) as process:
        wait_for(server.answers, f"the server answers: {folder / 'log'}")
        assert server.get("/readyz").startswith(b"HTTP/1.1 200")
        yield server, process


def says_that_it_goes(server: Server) -> bool:
    answer = server.get("/readyz")
    return answer.startswith(b"HTTP/1.1 503") and b'"stopping"' in answer


@pytest.mark.parametrize("whom", [os.kill, os.killpg], ids=["the parent", "each process, as systemd does"])
def test_after_sigterm_readyz_is_503_and_all_else_is_served_until_the_time_is_up(
    tmp_path: Path, whom: Callable[[int, int], None]
) -> None:
    with draining(tmp_path, seconds=6) as (server, process):
        told = time.monotonic()
        whom(process.pid, signal.SIGTERM)
        wait_for(lambda: says_that_it_goes(server), "it says that it goes")
        served = server.get("/api/v1/products")
        assert process.wait(timeout=60) == 0

    assert served.startswith(b"HTTP/1.1 200")
    assert time.monotonic() - told >= 6


def test_told_again_after_a_while_it_ends_at_once(tmp_path: Path) -> None:
    with draining(tmp_path, seconds=60) as (server, process):
        process.send_signal(signal.SIGINT)
        wait_for(lambda: says_that_it_goes(server), "it says that it goes")
        time.sleep(2.5)
        process.send_signal(signal.SIGINT)

        assert process.wait(timeout=40) == 0
