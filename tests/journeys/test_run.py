"""`manage.py run`, which is all that `make run` starts: what a newcomer sees, and how it ends."""

import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import psycopg
import pytest
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker

from embedded_postgres.home.places import RunFolder, Server, fallback_base
from embedded_postgres.home.users import is_kept
from tests.plugins.own_database import migrated_template
from tests.shop.servers.processes import MANAGE, PATIENCE_SECONDS, running, url_of, wait_for

pytestmark = pytest.mark.long
RUN = [*MANAGE, "run", "--no-demo"]
DATABASE = f"kontor_run_journey_{os.getpid()}"
STOP_SECONDS = 60.0  # of a busy machine; a moment as a rule
MOST_MEMORY = 40 * 2**20  # bytes; Django with the shop takes four times as much
MOST_MEMORY_OF_ALL = 350 * 2**20  # 200 when this was written
FIRST_START_SECONDS = 240.0  # of a busy machine, to migrate an empty database


@dataclass
class Shop:
    """A database of its own and a free port; `log` is what the last start printed."""

    url: str
    port: int
    log: Path

    def variables(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url,
            "PORT": str(self.port),
            "WEB_WORKERS": "1",
            "KONTOR_ADMIN_PASSWORD": "",
        }

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_until_it_runs(self) -> None:
        wait_for(lambda: "Kontor is running" in self.text(), f"Kontor runs: {self.log}", FIRST_START_SECONDS)

    def is_silent(self) -> bool:
        """Whether nobody listens on the port any more."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) != 0

    def sign_in(self, email: str, password: str) -> int:
        """The status of the admin's answer to the sign-in form: 302 lets in, 200 asks again."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as link:
            link.request("GET", "/admin/login/")
            page = link.getresponse()
            page.read()
            token = re.search(r"csrftoken=(\w+)", page.headers["Set-Cookie"])
            assert token
            form = {"username": email, "password": password, "csrfmiddlewaretoken": token[1]}
            headers = {"Cookie": f"csrftoken={token[1]}", "Content-Type": "application/x-www-form-urlencoded"}
            link.request("POST", "/admin/login/?next=/admin/", urlencode(form), headers)
            return link.getresponse().status


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def database(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Migrated but for what Django makes afterwards; the embedded database below begins with nothing."""
    with django_db_blocker.unblock():
        template = sql.Identifier(migrated_template(connection))
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE))
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(DATABASE), template))
        yield url_of(DATABASE)
        server.execute(drop)


@pytest.fixture
def shop(database: str, tmp_path: Path) -> Shop:
    return Shop(database, _free_port(), tmp_path / "log")


def test_the_printed_password_signs_in_and_still_does_after_a_second_start(shop: Shop) -> None:
    with running(RUN, shop.log, **shop.variables()) as first:
        shop.wait_until_it_runs()
        password = re.search(r"password +(\S+)", shop.text())
        assert password
        assert shop.sign_in("admin@example.com", password[1]) == 302
        assert shop.sign_in("admin@example.com", "wrong") == 200
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=STOP_SECONDS) == 0
    assert shop.text().endswith("Stopped.\n")
    assert shop.is_silent()
    after = shop.text().partition("Kontor is running.")[2]
    assert re.search(r"Admin +http://127.0.0.1:\d+/admin/\n +Sign in +admin@example.com\n +password ", after), "last"

    with running(RUN, shop.log, **shop.variables()) as second:
        shop.wait_until_it_runs()
        assert password[1] not in shop.text()
        assert shop.sign_in("admin@example.com", password[1]) == 302
        second.send_signal(signal.SIGINT)
        assert second.wait(timeout=STOP_SECONDS) == 0


def test_a_taken_port_is_named_before_anything_starts(shop: Shop) -> None:
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", shop.port))
        occupant.listen()

        with running(RUN, shop.log, **shop.variables()) as process:
            assert process.wait(timeout=PATIENCE_SECONDS) == 1

    assert f"Cannot listen on 127.0.0.1:{shop.port}: Address already in use" in shop.text()
    assert "Traceback" not in shop.text()


def test_an_absent_database_is_named(shop: Shop) -> None:
    shop.url = f"postgresql://nobody@127.0.0.1:{_free_port()}/nothing"

    with running(RUN, shop.log, **shop.variables()) as process:
        assert process.wait(timeout=PATIENCE_SECONDS) == 1

    assert "The database does not answer" in shop.text()
    assert "Traceback" not in shop.text()


def _kill_supervisor(process: subprocess.Popen[bytes]) -> None:
    process.kill()


def _interrupt_group(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGINT)


@pytest.mark.parametrize("end", [_kill_supervisor, _interrupt_group])
def test_nothing_is_left_running(shop: Shop, end: Callable[[subprocess.Popen[bytes]], None]) -> None:
    with running(RUN, shop.log, **shop.variables()) as process:
        shop.wait_until_it_runs()

        end(process)
        process.wait(timeout=STOP_SECONDS)

        wait_for(shop.is_silent, "the web server is gone", STOP_SECONDS)
        wait_for(lambda: not _sessions(), "nobody uses the database", STOP_SECONDS)


def _sessions() -> list[tuple[Any, ...]]:
    with psycopg.connect(url_of("postgres")) as server:
        return server.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [DATABASE]).fetchall()


def _by_make(shop: Shop, command: list[str]) -> list[str]:
    makefile = shop.log.with_name("Makefile")
    makefile.write_text("run:\n\t@exec " + shlex.join(command) + "\n", encoding="utf-8")
    return ["make", "-f", str(makefile), "run"]


def test_an_interrupt_of_make_alone_stops_it_too(shop: Shop) -> None:
    with running(_by_make(shop, RUN), shop.log, **shop.variables()) as make:
        shop.wait_until_it_runs()

        make.send_signal(signal.SIGINT)

        make.wait(timeout=STOP_SECONDS)
        assert "\nStopped.\n" in shop.text()
        assert shop.is_silent()


def test_an_interrupt_while_the_demo_shop_is_loaded_stops_it_too(shop: Shop) -> None:
    with running(_by_make(shop, [*MANAGE, "run"]), shop.log, **shop.variables()) as make:
        wait_for(lambda: "Catalogue:" in shop.text(), "loading has begun", FIRST_START_SECONDS)

        make.send_signal(signal.SIGINT)

        make.wait(timeout=STOP_SECONDS)
        assert "the demo shop is incomplete" in shop.text()
        assert "\nStopped.\n" in shop.text()
        assert "Traceback" not in shop.text()


def test_nothing_is_left_of_a_set_up_whose_supervisor_is_killed(shop: Shop) -> None:
    with running([*MANAGE, "run"], shop.log, **shop.variables()) as process:
        wait_for(lambda: bool(_sessions()), "setting up has begun", FIRST_START_SECONDS)

        process.kill()
        process.wait(timeout=STOP_SECONDS)

        wait_for(lambda: not _sessions(), "nobody uses the database", STOP_SECONDS)


def test_all_processes_take_little_memory_and_the_one_that_stays_the_least(shop: Shop) -> None:
    with running(RUN, shop.log, **shop.variables()) as process:
        shop.wait_until_it_runs()

        supervisor = psutil.Process(process.pid)
        memory = supervisor.memory_full_info().pss
        commands = [child.cmdline()[-1] for child in supervisor.children()]
        whole = memory + sum(each.memory_full_info().pss for each in supervisor.children(recursive=True))

    assert whole < MOST_MEMORY_OF_ALL, f"{whole / 2**20:.0f} MB"
    assert memory < MOST_MEMORY, f"{memory / 2**20:.0f} MB"
    assert sorted(commands) == ["live", "serve", "worker"], "what set up has ended"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home of the embedded database; as root the data is elsewhere, and removed as well."""
    yield tmp_path / "home"
    shutil.rmtree(fallback_base(tmp_path / "home"), ignore_errors=True)


def test_the_embedded_database_stays_until_kontor_stops(shop: Shop, home: Path) -> None:
    variables = {**shop.variables(), "DATABASE_URL": "", "KONTOR_HOME": str(home)}
    with running(RUN, shop.log, **variables) as process:
        wait_for(lambda: "Kontor is running" in shop.text(), f"Kontor runs: {shop.log}", FIRST_START_SECONDS)
        server = Server.read(RunFolder.of(home))
        assert server
        starts = _starts_of_postgres(Path(server.log))

        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=STOP_SECONDS) == 0

    assert starts == 1, "it stopped between setting up and serving"
    assert f"Data      {home}" in shop.text()
    wait_for(lambda: not is_kept(RunFolder.of(home)), "it stops with Kontor", STOP_SECONDS)


def test_help_is_shown_and_a_wrong_option_refused(tmp_path: Path) -> None:
    shown = subprocess.run([*MANAGE, "run", "--help"], capture_output=True, text=True, check=False)
    refused = subprocess.run([*MANAGE, "run", "--demmo"], capture_output=True, text=True, check=False)

    assert (shown.returncode, refused.returncode) == (0, 2)
    assert "usage: manage.py run" in shown.stdout
    assert "Stopped" not in shown.stdout
    assert "unrecognized arguments: --demmo" in refused.stderr


def test_a_killed_web_process_is_replaced(shop: Shop) -> None:
    with running(RUN, shop.log, **shop.variables()) as process:
        shop.wait_until_it_runs()
        time.sleep(1)

        for worker in _grandchildren(process.pid):
            os.kill(worker, signal.SIGKILL)

        wait_for(lambda: _answers(shop.port), "the web server answers again")


def _starts_of_postgres(log: Path) -> int:
    logs = [path.read_text("utf-8", errors="replace") for path in log.iterdir()]
    return sum(text.count("database system is ready to accept connections") for text in logs)


def _grandchildren(pid: int) -> list[int]:
    def children(parent: int) -> list[int]:
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
        return [int(line) for line in found.stdout.split()]

    return [grandchild for child in children(pid) for grandchild in children(child)]


def _answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as link:
        try:
            link.request("GET", "/admin/login/")
            return link.getresponse().status == 200
        except OSError:
            return False
