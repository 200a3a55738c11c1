"""`serve --takeover`: a new server in the place of one that is busy, and no client notices."""

import http.client
import os
import threading
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.config.web.raw import Server, free_port
from tests.shop.servers.processes import MANAGE, run_once, running, url_of, wait_for

pytestmark = pytest.mark.long
CLIENTS = 6


@dataclass
class Clients:
    """Ask on connections that they keep, as fast as they can, until told to stop."""

    port: int
    answered: int = 0
    faults: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Clients":
        self._threads = [threading.Thread(target=self._ask_on) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask_on(self) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as link:
            while not self._stop.is_set():
                try:
                    link.request("GET", "/api/v1/products?limit=1")
                    answer = link.getresponse()
                    answer.read()
                    self.answered += 1
                    if answer.status != 200:
                        self.faults.append(str(answer.status))
                except (OSError, http.client.HTTPException) as error:
                    self.faults.append(repr(error))
                    link.close()


@pytest.fixture
def variables(transactional_db: None, tmp_path: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
        "KONTOR_HOME": str(tmp_path / ("far" * 40)),  # deeper than the address of a socket is long
        "SECRET_KEY": settings.SECRET_KEY,
        "PORT": str(free_port()),
        "WEB_WORKERS": "2",
    }


def test_no_request_is_lost_when_a_server_takes_over(variables: dict[str, str], tmp_path: Path) -> None:
    server = Server(int(variables["PORT"]))
    with running([*MANAGE, "serve"], tmp_path / "old", **variables) as old:
        wait_for(server.answers, f"the old server answers: {tmp_path / 'old'}")
        with Clients(server.port) as clients:
            wait_for(lambda: clients.answered > 50, "the clients are served")
            with running([*MANAGE, "serve", "--takeover"], tmp_path / "new", **variables) as new:
                wait_for(lambda: old.poll() is not None, f"the old server has ended: {tmp_path / 'new'}")
                before = clients.answered
                wait_for(lambda: clients.answered > before + 50, "the new server serves them")
                assert new.poll() is None
                assert (old.returncode, clients.faults) == (0, [])


def test_where_nobody_serves_it_is_a_start_like_any_other(variables: dict[str, str], tmp_path: Path) -> None:
    server = Server(int(variables["PORT"]))
    with running([*MANAGE, "serve", "--takeover"], tmp_path / "log", **variables):
        wait_for(server.answers, f"the server answers: {tmp_path / 'log'}")


def test_a_server_of_a_supervisor_is_not_taken(variables: dict[str, str], tmp_path: Path) -> None:
    """It would be started again, and find its port taken."""
    server = Server(int(variables["PORT"]))
    supervised = variables | {"KONTOR_PARENT_PID": str(os.getpid())}
    with running([*MANAGE, "serve"], tmp_path / "log", **supervised):
        wait_for(server.answers, f"the server answers: {tmp_path / 'log'}")

        with pytest.raises(AssertionError, match=r"manage\.py run"):
            run_once("serve", "--takeover", **variables)

        assert server.answers()
