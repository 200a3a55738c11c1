"""PgBouncer in front of the database (make drill-pooler): refused where it does harm, and of use where it does none."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from json import dumps
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from orders.models.order import Order
from tests.config.web.raw import Server, free_port
from tests.shop.goods import balances, make_level
from tests.shop.people import make_buyer
from tests.shop.servers.processes import MANAGE, run_once, running, url_of, wait_for
from tests.shop.servers.standby import account_admitted, account_of

pytestmark = [pytest.mark.system, pytest.mark.django_db(transaction=True)]

ORDERS, CLIENTS, SESSIONS = 1000, 32, 4
PORT = 6432
_CONFIGURATION = """
[databases]
* = host={host} port={port}
[pgbouncer]
listen_port = {own_port}
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {sessions}
admin_users = kontor
{more}
"""


@dataclass
class Pooler:
    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql://kontor@/{database}?host={self.folder}&port={PORT}"


@pytest.fixture
def pooler(transactional_db: None) -> Iterator[Pooler]:
    home = Path(connection.settings_dict["EMBEDDED_HOME"])
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "Debian's package pgbouncer has it"
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    (found,) = re.findall(r"PgBouncer (\d+)\.(\d+)", version)
    mixes_up = "max_prepared_statements = 0" if tuple(map(int, found)) >= (1, 21) else ""
    server, account = connection.get_connection_params(), account_of(home)
    folder = Path(tempfile.mkdtemp(prefix="kontor-pooler-"))
    named = {"host": server["host"], "port": server["port"], "own_port": PORT, "folder": folder, "sessions": SESSIONS}
    (folder / "ini").write_text(_CONFIGURATION.format(**named, more=mixes_up), encoding="utf-8")
    (folder / "users").write_text('"kontor" ""\n', encoding="utf-8")
    folder.chmod(0o755)
    account.give(folder)
    with account_admitted(home), (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, folder / "ini"], stdout=log, stderr=log, **account.popen_arguments())
        wait_for((folder / f".s.PGSQL.{PORT}").exists, f"the pooler listens: {folder / 'log'}")
        yield Pooler(folder)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    shutil.rmtree(folder)


@pytest.fixture
def variables(pooler: Pooler, tmp_path: Path) -> dict[str, str]:
    name = connection.settings_dict["NAME"]
    return {
        "DATABASE_POOLER": "transaction",
        "DATABASE_URL": pooler.url(name),
        "DATABASE_DIRECT_URL": make_conninfo(url_of(name)),
        "KONTOR_HOME": str(tmp_path),
        "SECRET_KEY": settings.SECRET_KEY,
        "PORT": str(free_port()),
        "WEB_WORKERS": "2",
    }


@contextmanager
def limited_role() -> Iterator[None]:
    """Sessions of the test's database have Kontor's limits without being asked."""
    where = f'ALTER ROLE kontor IN DATABASE "{connection.settings_dict["NAME"]}"'
    with connection.cursor() as cursor:
        for name, value in settings.SESSION_LIMITS_OF_ROLE.items():
            cursor.execute(f"{where} SET {name} = '{value}'")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"{where} RESET ALL")


def _refusal(variables: dict[str, str]) -> str:
    done = subprocess.run(
        [*MANAGE, "serve"], env=os.environ | variables, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1, done.stderr
    return done.stderr


def test_a_pooler_whose_sessions_have_no_limits_is_refused_with_the_cure(variables: dict[str, str]) -> None:
    assert "ALTER ROLE \"kontor\" SET lock_timeout = '3000';" in _refusal(variables)


def test_a_pooler_that_mixes_up_prepared_statements_is_refused_with_the_cure(variables: dict[str, str]) -> None:
    with limited_role():
        assert "DATABASE_PREPARED_STATEMENTS=0" in _refusal(variables)


def test_many_clients_place_orders_over_few_sessions(variables: dict[str, str], secret: str, tmp_path: Path) -> None:
    buyer, level = make_buyer(), make_level(on_hand=2 * ORDERS)
    body = {"customer": str(buyer.customer.pk), "items": [{"variant": str(level.variant_id), "quantity": 1}]}
    headers = {"Authorization": f"Api-Key {secret}", "Content-Type": "application/json"}
    server = Server(int(variables["PORT"]))

    def place(number: int) -> int:
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as link:
            link.request("POST", "/api/v1/orders", dumps(body), headers | {"Idempotency-Key": str(uuid4())})
            return link.getresponse().status

    most = 0
    with limited_role(), running([*MANAGE, "serve"], tmp_path / "log", **variables, DATABASE_PREPARED_STATEMENTS="0"):
        wait_for(server.answers, f"the server answers: {tmp_path / 'log'}")
        with ThreadPoolExecutor(CLIENTS) as pool:
            answers = pool.map(place, range(ORDERS))
            most = max(most, _sessions())
            found = Counter(answers)
        most = max(most, _sessions())

    assert found == {201: ORDERS}
    assert Order.objects.count() == ORDERS
    assert balances(level.pk) == (2 * ORDERS, ORDERS)
    assert 0 < most <= SESSIONS
    run_once("audit")


def _sessions() -> int:
    """The pooler's, beside the test's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])
