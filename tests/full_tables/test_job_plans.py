"""On full tables no job, command or paper reads more rows than it has work, unless reading all is its work."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, get_commands
from django.db import connection
from procrastinate.contrib.django import app
from pytest_django.plugin import DjangoDbBlocker

from events.models.event import Event
from events.models.sequencer import Sequencer
from events.services.sequence_events import sequence_events
from tests.full_tables.command_cases import COMMANDS, NOT_MEASURED
from tests.full_tables.conftest import ROWS
from tests.full_tables.job_cases import RUNS, Run
from tests.full_tables.measured import Measured
from tests.full_tables.multiplied import multiply_rows
from tests.full_tables.paper_cases import ERASING, PAPERS, papers_of_the_code
from tests.shop.every_table.fill import fill_every_table
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.servers.sandbox import Sandbox, running_sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.long]

# A step of one statement. The largest batch is 2,000 rows, each with a few that hang on it.
MOST_READ = 6_000
# Of work that reads everything: no row of the largest tables (lines, ledger, events) more often than some ten times.
MOST_OF_ALL = 30 * ROWS
OURS = {"config", "exchange", "webhooks", "events", "crm", "payments", "orders", "inventory", "catalog", "users"}
OURS |= {"shop", "shared", "tools"}


@pytest.fixture(scope="module", autouse=True)
def _fuller_shop(full_shop: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        fill_every_table()
        empty = multiply_rows()
    assert empty == [], "Nothing is proven of them: fill a row in tests/shop/every_table/fill.py, or add them to SMALL."


@pytest.fixture
def sandbox(tmp_path: Path, settings: Any) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path, settings) as provider:
        yield provider


@pytest.mark.parametrize("run", RUNS, ids=str)
def test_a_job_reads_no_more_than_its_work(run: Run, sandbox: Sandbox) -> None:
    arguments, measured = run.prepare(sandbox), Measured(once=bool(run.reads_all))

    measured.run(lambda: run.work(arguments))

    assert measured.rows
    assert measured.above(MOST_OF_ALL if run.reads_all else MOST_READ) == []


def test_every_job_is_put_to_this_test() -> None:
    ours = {name for name in app.tasks if name.partition(".")[0] in OURS}

    assert {run.job for run in RUNS} == ours


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_reads_no_more_than_its_work(name: str) -> None:
    (arguments, reads_all), measured = COMMANDS[name], Measured()

    def run() -> None:
        call_command(name, *arguments, stdout=io.StringIO())

    measured.run(lambda: _whatever_it_ends_with(run))

    assert measured.above(MOST_OF_ALL if reads_all else MOST_READ) == []


def _whatever_it_ends_with(run: Any) -> None:
    try:
        run()
    except SystemExit:  # the audit's, for a shop that was made up in SQL
        return


def test_every_command_is_put_to_this_test() -> None:
    ours = {name for name, owner in get_commands().items() if owner in OURS}

    assert COMMANDS.keys() | NOT_MEASURED.keys() == ours


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_reads_no_more_than_is_on_it(name: str) -> None:
    draw, measured = PAPERS[name](), Measured()

    measured.run(draw)

    # An erasure is rare, and looks for the person's address in files and counters, whoever they belong to.
    assert measured.above(MOST_OF_ALL if name == ERASING else MOST_READ) == []


def test_every_paper_is_put_to_this_test() -> None:
    assert {name.partition(":")[0] for name in PAPERS} == papers_of_the_code()


def test_the_sequencer_reads_what_is_new() -> None:
    """The newest blocks of a ledger, that its index has no summary of yet, hold a few thousand rows."""
    while sequence_events():
        pass
    with connection.cursor() as cursor:
        for index in ("order_event_feed", "stock_movement_feed", "invoice_feed", "record_change_feed"):
            cursor.execute("SELECT brin_summarize_new_values(%s)", [index])
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        Sequencer.objects.update(horizon=cursor.fetchone()[0])
    before, measured = Event.objects.count(), Measured()
    order_of(make_buyer(), (make_level(on_hand=5), 1))

    measured.run(sequence_events)

    assert Event.objects.count() > before
    assert measured.above(MOST_READ) == []
