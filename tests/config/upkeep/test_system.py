"""System says how the house is, whatever of it can be read, to those who may know."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from config.upkeep.report import Level, Line, Part, read_parts
from shared.clock import database_now
from shared.database.operation_runs import record_run
from shared.models.operation_run import OperationKind
from tests.shop.people import StaffFactory, SuperuserFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/system/"


@pytest.fixture
def page(client: Client) -> Client:
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
