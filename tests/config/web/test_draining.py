"""A server that is told to go says so to balancers before it stops to serve."""

import signal
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.config.web.raw import Server, free_port
from tests.shop.servers.processes import MANAGE, running, url_of, wait_for


def test_after_sigterm_readyz_is_503_and_all_else_is_served_until_the_time_is_up(
    transactional_db: None, tmp_path: Path
) -> None:
    variables = {
        "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
        "KONTOR_HOME": str(tmp_path),
        "SECRET_KEY": settings.SECRET_KEY,
        "PORT": str(free_port()),
        "WEB_WORKERS": "2",
        "DRAIN_SECONDS": "4",
    }
    server = Server(int(variables["PORT"]))
    with running([*MANAGE, "serve"], tmp_path / "log", **variables) as process:
        wait_for(server.answers, f"the server answers: {tmp_path / 'log'}")
        assert server.get("/readyz").startswith(b"HTTP/1.1 200")

        process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        wait_for(lambda: b'"stopping"' in server.get("/readyz"), "it says that it goes")
        assert server.get("/readyz").startswith(b"HTTP/1.1 503")
        served = server.get("/api/v1/products")
        assert process.wait(timeout=30) == 0

    assert served.startswith(b"HTTP/1.1 200")
    assert time.monotonic() - told >= 4
