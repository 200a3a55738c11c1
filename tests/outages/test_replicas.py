"""Reads from a replica: nobody reads what is older than what anybody was told, whatever state the replica is in."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo
from pytest_django.plugin import DjangoDbBlocker

from embedded_postgres.backup.taking import superuser_url
from tests.config.web.raw import free_port
from tests.outages.cutting_proxy import CuttingProxy
from tests.plugins.db_restore import put_back_after
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import signed_in, superuser
from tests.shop.people import make_buyer
from tests.shop.servers.embedded_clients import eventually, query
from tests.shop.servers.processes import MANAGE, running, url_of, wait_for
from tests.shop.servers.standby import Standby
from users.models.api_key import Scope
from users.models.user import User
from users.services.create_api_key import create_api_key

pytestmark = pytest.mark.django_db  # what the tests write is another connection's

STALE_PAGE = "this page may be out of date"
_WAYS = re.compile(r'kontor_replica_reads_total\{way="([a-z]+)"\} (\d+)')


@dataclass
class Shop:
    """A web server whose reads may go to the standby; its way to the primary leads through a proxy."""

    port: int
    metrics_port: int
    proxy: CuttingProxy
    standby: Standby
    primary: str
    secrets: tuple[str, str]
    session: str
    body: dict[str, Any]

    def ask(self, method: str, path: str, body: Any = None, *, caller: int = 0) -> tuple[HTTPResponse, Any]:
        headers = {"Authorization": f"Api-Key {self.secrets[caller]}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as link:
            link.request(method, path, json.dumps(body) if body else None, headers)
            answer = link.getresponse()
            return answer, json.loads(answer.read())

    def have_keys_used(self, moment: str) -> None:
        query(self.primary, f"UPDATE users_api_key SET last_used_at = {moment}")

    def page(self, path: str) -> tuple[HTTPResponse, str]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as link:
            link.request("GET", path, headers={"Cookie": f"sessionid={self.session}"})
            answer = link.getresponse()
            return answer, answer.read().decode()

    def read_when_fresh(self) -> tuple[HTTPResponse, Any]:
        """The newest order, right after the replica got a commit."""
        self.have_keys_used("now()")
        return self.ask("GET", "/api/v1/orders?limit=1")

    def is_up(self) -> bool:
        try:
            return self.ask("GET", "/healthz")[0].status == 200 and bool(self.ways())
        except OSError:
            return False

    def ways(self) -> dict[str, int]:
        with closing(HTTPConnection("127.0.0.1", self.metrics_port, timeout=60)) as link:
            link.request("GET", "/metrics")
            return {way: int(number) for way, number in _WAYS.findall(link.getresponse().read().decode())}

    def place(self) -> tuple[HTTPResponse, Any]:
        """As a client does: asked to come again, by a machine that has much to do, it comes again."""
        for _ in range(5):
            placed, order = self.ask("POST", "/api/v1/orders", self.body)
            if placed.status != 503:
                break
        return placed, order

    def stale_of(self, pairs: int) -> int:
        """So often an order is placed, and the newest one asked for by who placed it, or by another; how many times an
        older one was shown. Nobody gets an error."""
        stale = 0
        for number in range(pairs):
            placed, order = self.place()
            read, page = self.ask("GET", "/api/v1/orders?limit=1", caller=number % 2)
            assert (placed.status, read.status) == (201, 200), (order, page)
            assert read.headers["Kontor-Stale"] is None
            stale += page["results"][0]["id"] != order["id"]
        return stale


@pytest.fixture(scope="module")
def shop(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    with put_back_after(django_db_blocker), connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")  # as in a shop
        owner, buyer, level = User.objects.create_superuser("staff@example.com"), make_buyer(), make_level(on_hand=1000)
        secrets = [create_api_key(owner=owner, name=each, scopes=Scope.values)[1] for each in ("till", "shop")]
        body = {"customer": str(buyer.customer.pk), "items": [{"variant": str(level.variant_id), "quantity": 1}]}
        session = signed_in(superuser()).cookies["sessionid"].value
        primary = url_of(connection.settings_dict["NAME"])
        with Standby(Path(connection.settings_dict["EMBEDDED_HOME"])) as standby:
            server, folder = connection.get_connection_params(), tmp_path_factory.mktemp("pg")
            proxy = CuttingProxy(folder, server["host"], int(server["port"]))
            shop = Shop(free_port(), free_port(), proxy, standby, primary, (secrets[0], secrets[1]), session, body)
            with running([*MANAGE, "serve"], folder / "log", **_variables_of(shop, folder)):
                wait_for(shop.is_up, f"the server answers: {folder / 'log'}")
                yield shop
            proxy.close()


def _variables_of(shop: Shop, folder: Path) -> dict[str, str]:
    name = connection.settings_dict["NAME"]
    return {
        "DATABASE_URL": make_conninfo(url_of(name), host=str(folder), port=CuttingProxy.PORT),
        "DATABASE_REPLICA_URLS": f"postgresql://kontor@/{name}?host={shop.standby.folder}&port=5432",
        "REPLICA_WAIT_MS": "400",  # on a busy machine
        "REPLICA_STALE_SECONDS": "4",
        "METRICS_PORT": str(shop.metrics_port),
        "PORT": str(shop.port),
        "KONTOR_HOME": str(folder),
        "SECRET_KEY": settings.SECRET_KEY,
        "WEB_WORKERS": "1",
    }


@pytest.fixture
def keys_noted(shop: Shop) -> None:
    """Else it is written down by the way that a key was used."""
    shop.have_keys_used("now()")


def test_a_replica_that_hides_which_primary_it_follows_is_not_read_and_the_log_says_why(
    shop: Shop, tmp_path: Path
) -> None:
    superuser_of = superuser_url(Path(connection.settings_dict["EMBEDDED_HOME"]))
    query(superuser_of, "CREATE ROLE only_reads LOGIN IN ROLE pg_read_all_data")
    other = replace(shop, port=free_port(), metrics_port=free_port())
    variables = _variables_of(other, tmp_path) | {"DATABASE_URL": shop.primary}
    variables["DATABASE_REPLICA_URLS"] = variables["DATABASE_REPLICA_URLS"].replace("kontor@", "only_reads@")
    try:
        with running([*MANAGE, "serve"], tmp_path / "log", **variables):
            wait_for(other.is_up, f"the server answers: {tmp_path / 'log'}")
            eventually(lambda: other.ask("GET", "/api/v1/orders") and other.ways()["late"] > 1, "it counts as late")
            assert other.ways()["replica"] == 0
    finally:
        query(superuser_of, "DROP ROLE only_reads")

    assert (tmp_path / "log").read_text().count("replica_hides_its_timeline") == 1


def test_a_read_that_writes_is_answered_by_the_primary_and_counted(shop: Shop) -> None:
    eventually(lambda: bool(shop.ask("GET", "/api/v1/orders")) and shop.ways()["replica"] > 0, "the replica is there")
    before = shop.ways()["written"]
    shop.have_keys_used("NULL")

    assert shop.ask("GET", "/api/v1/orders")[0].status == 200

    assert shop.ways()["written"] == before + 1
    assert query(shop.primary, "SELECT count(last_used_at) FROM users_api_key") == 1


@pytest.mark.usefixtures("keys_noted")
@pytest.mark.parametrize("path", ["/admin/", "/admin/orders/order/", "/admin/catalog/product/"])
def test_pages_are_read_from_the_replica_too(shop: Shop, path: str) -> None:
    def is_read_there() -> bool:
        before = shop.ways()["replica"]
        answer, text = shop.page(path)
        assert (answer.status, STALE_PAGE in text) == (200, False)
        return shop.ways()["replica"] > before

    eventually(is_read_there, "the replica has it, too")


def test_system_asks_the_replica_itself_how_it_is(shop: Shop) -> None:
    def is_well() -> bool:
        answer, text = shop.page("/admin/system/")
        assert answer.status == 200
        return "has what the primary has" in text

    eventually(is_well, "it has caught up, and says so")


@pytest.mark.usefixtures("keys_noted")
def test_queries_are_read_from_the_replica_too(shop: Shop) -> None:
    def is_read_there() -> bool:
        before = shop.ways()["replica"]
        found, answer = shop.ask("POST", "/api/graphql", {"query": "{ orders(first: 1) { nodes { id } } }"})
        assert (found.status, "errors" in answer) == (200, False), answer
        return shop.ways()["replica"] > before

    eventually(is_read_there, "the replica has it, too")


def test_what_is_refused_without_a_look_at_the_database_asks_no_server(shop: Shop) -> None:
    before = shop.ways()

    with closing(HTTPConnection("127.0.0.1", shop.port, timeout=60)) as link:
        statuses = []
        for path in ("/api/v1/unheard-of", "/api/v1/orders", "/api/v1/orders?search=%ff"):
            link.request("GET", path)
            answer = link.getresponse()
            answer.read()
            statuses.append(answer.status)

    assert statuses == [404, 401, 400]
    assert shop.ways() == before


@pytest.mark.usefixtures("keys_noted")
def test_without_a_primary_reads_go_on_for_a_while_and_say_that_they_may_be_old(shop: Shop) -> None:
    placed, order = shop.ask("POST", "/api/v1/orders", shop.body)
    eventually(lambda: bool(shop.ask("GET", "/api/v1/orders")) and shop.ways()["replica"] > 0, "the replica has it")
    shop.proxy.is_silent = True

    try:
        eventually(lambda: shop.read_when_fresh()[0].headers["Kontor-Stale"] == "true", "it is read all the same")
        eventually(lambda: shop.read_when_fresh()[1]["results"][0]["id"] == order["id"], "all that was told is there")
        eventually(lambda: shop.read_when_fresh() and STALE_PAGE in shop.page("/admin/orders/order/")[1], "staff know")
        write, _problem = shop.ask("POST", "/api/v1/orders", shop.body)
        counted = shop.ways()["stale"]
        shop.standby.pause()  # whoever else writes on that server would keep it fresh
        eventually(lambda: shop.ask("GET", "/api/v1/orders")[0].status == 503, "what is too old is not shown")
    finally:
        shop.proxy.is_silent = False
        shop.standby.resume()

    assert (placed.status, write.status) == (201, 503)
    assert counted >= 3
    eventually(lambda: shop.ask("POST", "/api/v1/orders", shop.body)[0].status == 201, "the primary is back")


@pytest.mark.usefixtures("keys_noted")
def test_a_primary_that_is_full_is_not_away(shop: Shop) -> None:
    eventually(lambda: shop.ask("POST", "/api/v1/orders", shop.body)[0].status == 201, "the primary is there")
    shop.proxy.is_full = True

    def are_refused() -> bool:
        answers = [shop.read_when_fresh()[0] for _ in range(3)]
        return [(answer.status, answer.headers["Kontor-Stale"]) for answer in answers] == [(503, None)] * 3

    try:
        # A server that a busy machine lets say nothing for a second is taken for one that is away.
        eventually(are_refused, "nothing old is shown")
        before = shop.ways()["stale"]
        assert are_refused()
        assert shop.ways()["stale"] == before
    finally:
        shop.proxy.is_full = False

    eventually(lambda: shop.ask("POST", "/api/v1/orders", shop.body)[0].status == 201, "there is room again")


@pytest.mark.usefixtures("keys_noted")
def test_what_was_written_is_read_whatever_state_the_replica_is_in(shop: Shop) -> None:
    """300 orders, each looked for at once; and reads go to the replica while it is well."""
    standby = shop.standby
    begin = shop.ways()["replica"]

    assert shop.stale_of(100) == 0
    healthy = shop.ways()
    assert healthy["replica"] >= begin + 10, healthy

    query(standby.url("postgres"), "ALTER SYSTEM SET recovery_min_apply_delay = '2s'")
    query(standby.url("postgres"), "SELECT pg_reload_conf()")
    assert shop.stale_of(20) == 0
    query(standby.url("postgres"), "ALTER SYSTEM RESET recovery_min_apply_delay")
    query(standby.url("postgres"), "SELECT pg_reload_conf()")

    standby.pause()
    assert shop.stale_of(60) == 0
    assert shop.ways()["replica"] <= healthy["replica"] + 3
    assert shop.ways()["late"] > 0
    standby.resume()

    standby.freeze()
    assert shop.stale_of(20) == 0
    standby.thaw()

    standby.stop()
    assert shop.stale_of(50) == 0
    assert shop.ways()["away"] > 0

    standby.start()
    eventually(lambda: shop.stale_of(1) == 0 and shop.ways()["replica"] > healthy["replica"] + 3, "it is read again")

    before = shop.ways()["replica"]
    standby.promote()
    assert shop.stale_of(50) == 0
    assert shop.ways()["replica"] <= before + 1
