"""A shop that runs on the embedded database, and its backups' second copy."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from embedded_postgres.backup.streamed import read_status
from embedded_postgres.home import locks
from embedded_postgres.home.places import fallback_base
from embedded_postgres.lifecycle import stop
from tests.shop.servers.processes import MANAGE, running, wait_for
from tests.shop.servers.storage import KEY, SECRET, Storage

pytestmark = pytest.mark.long
_FIRST_START_SECONDS = 240.0  # of a busy machine, to migrate an empty database
_PREFIX = "running"


@dataclass
class Shop:
    home: Path
    log: Path
    variables: dict[str, str]

    def ask(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*MANAGE, *command],
            env=os.environ | self.variables,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def healthz(self) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", int(self.variables["PORT"]), timeout=20)) as link:
            link.request("GET", "/healthz")
            return link.getresponse().status


@pytest.fixture
def shop(far: Storage, tmp_path: Path) -> Iterator[Shop]:
    home = Path("/tmp") / f"kontor-copied-{time.monotonic_ns()}"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = {
        "DATABASE_URL": "",
        "KONTOR_HOME": str(home),
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "BACKUP_DIR": str(tmp_path / "backups"),
        "BACKUP_COPY": far.url(_PREFIX),
    }
    yield Shop(home, tmp_path / "log", variables)
    stop(home)
    for folder in (home, fallback_base(home)):
        shutil.rmtree(folder, ignore_errors=True)


def test_a_shop_copies_its_backups_and_goes_on_when_it_cannot(shop: Shop, far: Storage, tmp_path: Path) -> None:
    with running([*MANAGE, "run", "--no-demo"], shop.log, **shop.variables) as process:
        wait_for(lambda: "wal/status.json" in far.names(_PREFIX), f"it is streamed: {shop.log}", _FIRST_START_SECONDS)
        made = shop.ask("backup")
        assert made.returncode == 0, made.stderr
        assert f"s3://copies/{_PREFIX}/ at {far.endpoint} has all of it" in made.stdout
        with locks.exclusive(shop.home / "run" / "copy.lock"):
            other = shop.ask("backup")
            assert (other.returncode, "Kontor's own copying brings this backup there" in other.stdout) == (0, True)
        # What the stream has sent is there within seconds.
        wait_for(lambda: shop.ask("backup_status").returncode == 0, f"the copy keeps up: {shop.log}")
        found = json.loads(shop.ask("backup_status", "--json").stdout)
        assert (len(found["backups"]), found["copy"]["behind"]["files"], found["faults"]) == (2, 0, [])
        assert shop.ask("backup_copy", "--verify").returncode == 0
        elsewhere = replace(shop, variables=shop.variables | {"BACKUP_COPY": far.url("nothing")})
        empty = elsewhere.ask("backup_copy", "--verify")
        assert (empty.returncode, "nothing was copied there" in empty.stderr) == (1, True)

        far.refuses = _refuses_to_write
        failed = shop.ask("backup", "--full")
        assert failed.returncode == 1
        assert "The backup is there, its copy is not." in failed.stderr
        wait_for(lambda: "AccessDenied" in shop.log.read_text(), f"it says so: {shop.log}")
        assert shop.healthz() == 200
        behind = json.loads(shop.ask("backup_status", "--json").stdout)
        assert (len(behind["backups"]), behind["copy"]["behind"]["files"] > 0) == (3, True)
        # The shop's own stream goes on.
        reached = read_status(tmp_path / "backups" / "wal")
        wait_for(lambda: read_status(tmp_path / "backups" / "wal") != reached, f"it streams on: {shop.log}")

        far.refuses = lambda request: False
        wait_for(lambda: "is made again" in shop.log.read_text(), f"it says so: {shop.log}")
        assert shop.ask("backup_copy").returncode == 0
        said = "".join(each.stdout + each.stderr for each in (made, failed))
        lines = [" ".join(each.cmdline()) for each in psutil.Process(process.pid).children(recursive=True)]
        assert any("embedded_postgres.copying.following" in line for line in lines)
        for text in (shop.log.read_text(), said, *lines):
            assert SECRET not in text
            assert "never%2B" not in text
            assert KEY not in text.replace(f"{KEY} may not", "")
        process.terminate()
        assert process.wait(60) == 0


def _refuses_to_write(request: Any) -> bool:
    return bool(request.method in {"PUT", "POST"})
