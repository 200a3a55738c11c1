"""System says how the house is, whatever of it can be read, to those who may know."""

import html
import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import InterfaceError, connection
from django.test import Client

from config.upkeep.database import health_part
from config.upkeep.report import Level, Line, Part, read_parts
from embedded_postgres.backup.taking import superuser_url
from embedded_postgres.copying.note import note_pass, note_sending
from embedded_postgres.lifecycle import bin_dir
from embedded_postgres.server.configuration import clean_environment
from shared.clock import database_now
from shared.database.operation_runs import record_run
from shared.models.operation_run import OperationKind
from tests.shop.people import StaffFactory, SuperuserFactory
from tests.shop.servers.processes import MANAGE, wait_for

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/system/"


@pytest.fixture
def page(client: Client, settings: Any) -> Client:
    settings.SYSTEM_KEPT_SECONDS = 0
    client.force_login(SuperuserFactory.create())
    return client


def _row(text: str, what: str) -> str:
    """The table row that begins with these words."""
    return text.split(f'<th scope="row">{what}', 1)[1].split("</tr>", 1)[0]


def test_a_young_house_is_told_what_it_lacks(page: Client) -> None:
    answer = page.get(ADDRESS)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "never" in _row(text, "Last sign of life of a worker")
    assert "Start manage.py worker." in _row(text, "Last sign of life of a worker")
    assert "k-danger" in _row(text, "Last sign of life of a worker")
    assert "k-success" in _row(text, "Migrations to be applied")
    assert "k-warning" in _row(text, "Backup")


def test_discrepancies_and_a_failed_backup_are_to_be_acted_on(page: Client) -> None:
    begun = database_now() - timedelta(minutes=2)
    record_run(OperationKind.AUDIT, began_at=begun, has_succeeded=True, data={"discrepancies": 2})
    record_run(OperationKind.BACKUP, began_at=begun, has_succeeded=False)

    text = page.get(ADDRESS).content.decode()

    assert "manage.py audit names them" in _row(text, "Discrepancies in the books")
    assert "k-danger" in _row(text, "Backup")
    assert "2.0 minutes" in _row(text, "Backup")


def test_a_second_copy_of_the_backups_says_how_far_it_is_behind(page: Client, settings: Any, tmp_path: Path) -> None:
    what = "Second copy of the backups"
    assert what not in page.get(ADDRESS).content.decode()

    settings.HAS_BACKUP_COPY, settings.KONTOR_HOME = True, tmp_path
    (tmp_path / "run").mkdir()
    assert "k-danger" in _row(page.get(ADDRESS).content.decode(), what)
    note_pass(tmp_path, database_now() - timedelta(minutes=7), "")
    row = _row(page.get(ADDRESS).content.decode(), what)
    assert ("k-success" in row, "7.0 minutes" in row) == (True, True)
    note_pass(tmp_path, database_now(), "The disk is full.")
    row = _row(page.get(ADDRESS).content.decode(), what)
    assert ("k-warning" in row, "The disk is full." in row, "7.0 minutes" in row) == (True, True, True)
    note_pass(tmp_path, database_now() - timedelta(minutes=16), "")
    assert "k-danger" in _row(page.get(ADDRESS).content.decode(), what)
    note_sending(tmp_path, "base", streamed_at=database_now() - timedelta(minutes=5), fault="")
    row = _row(page.get(ADDRESS).content.decode(), what)
    assert ("k-success" in row, "a backup is on its way" in row, "5.0 minutes" in row) == (True, True, True)


def test_without_pg_stat_statements_it_says_how_to_get_it(page: Client) -> None:
    assert "CREATE EXTENSION" in _row(page.get(ADDRESS).content.decode(), "Not measured")


def test_a_part_that_fails_says_so_and_the_others_stand() -> None:
    def fails() -> list[Line]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM nowhere")
        return []

    def slow() -> list[Line]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")
        return []

    def well() -> list[Line]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return [Line(Level.GOOD, "well", "1")]

    failed, timed_out, last = read_parts([Part("a", "A", fails), Part("b", "B", slow), Part("c", "C", well)])

    assert [line.level for line in failed.lines] == [Level.UNKNOWN]
    assert "nowhere" in failed.lines[0].advice
    assert "timeout" in timed_out.lines[0].advice
    assert last.lines == [Line(Level.GOOD, "well", "1")]


def test_what_a_part_says_before_it_fails_is_kept_and_each_detail_fails_for_itself() -> None:
    def begins() -> Iterator[Line]:
        yield Line(Level.ACT, "writes", "refused")
        raise InterfaceError

    def detail() -> list[Line]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return [Line(Level.GOOD, "detail", "1")]

    (part,) = read_parts([Part("a", "A", begins, details=(begins, detail), unread=Level.ACT)])

    assert [(line.level, line.what) for line in part.lines] == [
        *((Level.ACT, "writes"), (Level.ACT, "Not read")),
        *((Level.ACT, "writes"), (Level.UNKNOWN, "Not read")),
        (Level.GOOD, "detail"),
    ]
    assert part.lines[1].advice == "InterfaceError"


def test_all_parts_together_take_no_longer_than_they_may() -> None:
    def slow() -> Iterator[Line]:
        for _ in range(1000):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.05)")
        yield Line(Level.GOOD, "slow", "1")

    one, other = read_parts([Part("a", "A", slow), health_part()], seconds=0.3)

    assert one.level is Level.UNKNOWN
    assert "took all the time" in other.lines[0].advice
    assert other.level is Level.ACT


def test_pages_within_seconds_of_one_another_are_the_same_look(page: Client, settings: Any) -> None:
    settings.SYSTEM_KEPT_SECONDS = 3_600
    before = _row(page.get(ADDRESS).content.decode(), "Backup")
    record_run(OperationKind.BACKUP, began_at=database_now() - timedelta(minutes=7), has_succeeded=False)

    assert _row(page.get(ADDRESS).content.decode(), "Backup") == before
    settings.SYSTEM_KEPT_SECONDS = 0
    assert "7.0 minutes" in _row(page.get(ADDRESS).content.decode(), "Backup")


@pytest.mark.django_db(transaction=True)
def test_what_could_not_be_read_is_not_said_to_be_missing(page: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_workers RENAME TO workers_elsewhere")
        try:
            text = page.get(ADDRESS).content.decode()
        finally:
            cursor.execute("ALTER TABLE workers_elsewhere RENAME TO procrastinate_workers")

    row = _row(text, "Last sign of life of a worker")
    assert "not read" in row
    assert "k-info" in row
    assert "Start manage.py worker." not in text


def test_with_the_database_away_the_command_says_so_and_no_more(tmp_path: Path) -> None:
    variables = {"DATABASE_URL": "postgresql://kontor@127.0.0.1:1/kontor", "KONTOR_HOME": str(tmp_path)}

    ended = subprocess.run(
        [*MANAGE, "system_report"], env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 1
    assert "act     Not read" in ended.stdout
    assert "Start manage.py worker." not in ended.stdout


def test_statements_are_shown_without_values_and_none_that_names_a_password(page: Client) -> None:
    texts = [
        "SELECT name FROM crm_customer WHERE phone = '+380 44 1' AND n = 77123 AND \"x 9\" = $1 LIMIT $2",
        "/* of 0441 */ UPDATE t SET a = E'it\\'s 0442', b = $q$ 0443 ' $q$ WHERE c1 = 'un''done 0444",
        "ALTER ROLE boss PASSWORD 'secret'",
        "CREATE TABLE t AS SELECT 'secret'",
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE pg_stat_statements AS SELECT query, 3 AS calls, 2000.0::float8 AS mean_exec_time,"
            " 6000.0::float8 AS total_exec_time, oid AS dbid FROM pg_database, unnest(%s::text[]) AS query"
            " WHERE datname = current_database()",
            [texts],
        )

    text = html.unescape(page.get(ADDRESS).content.decode())

    assert 'SELECT name FROM crm_customer WHERE phone = … AND n = … AND "x 9" = $1 LIMIT $2' in text
    assert "UPDATE t SET a = …, b = … WHERE c1 = …" in text
    assert "25.0 % of all time" in text
    assert "secret" not in text
    assert "044" not in text


@pytest.fixture
def log_receiver(tmp_path: Path) -> Iterator[None]:
    """pg_receivewal, which takes the log and replays none of it."""
    home = Path(connection.settings_dict["EMBEDDED_HOME"])
    url = superuser_url(home)
    command = [str(bin_dir(home) / "pg_receivewal"), "-D", str(tmp_path), "-d", url, "--no-loop"]
    with closing(psycopg.connect(url, autocommit=True)) as link:
        process = subprocess.Popen(command, env=clean_environment())
        try:
            seen = "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'pg_receivewal' AND"
            wait_for(lambda: link.execute(f"{seen} state = 'streaming'").fetchone() == (1,), "it receives")
            yield
        finally:
            process.terminate()
            process.wait()


@pytest.mark.usefixtures("log_receiver")
def test_who_only_keeps_the_log_is_no_replica(page: Client, settings: Any) -> None:
    text = page.get(ADDRESS).content.decode()
    assert "none" in _row(text, "Configured replicas")
    assert "pg_receivewal" not in text

    settings.DATABASE_REPLICAS = [{**connection.settings_dict, "HOST": "127.0.0.1", "PORT": "1", "EMBEDDED_HOME": None}]
    row = _row(page.get(ADDRESS).content.decode(), "Replica 127.0.0.1:1")
    assert "does not answer" in row
    assert "k-danger" in row


def test_who_may_not_see_operations_is_refused_and_not_led_there(client: Client) -> None:
    client.force_login(StaffFactory.create())

    assert client.get(ADDRESS).status_code == 403
    assert ADDRESS not in client.get("/admin/").content.decode()


def test_the_command_says_the_same_and_ends_with_1_when_something_is_to_be_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:  # there is no worker
        call_command("system_report")

    said = capsys.readouterr().out
    assert ended.value.code == 1
    assert "act     Last sign of life of a worker: never" in said
