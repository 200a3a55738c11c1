"""Setting up a database: two at once, beside a long transaction, and again after any interruption."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from itertools import count
from typing import Any

import psycopg
import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.core.management import CommandError, call_command
from django.db import connection, migrations, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from config.processes.setup_lock import exclusive_setup
from embedded_postgres.server.roles import SUPERUSER
from shared.planner.words import Matching
from tests.shop.people import CustomerFactory
from tests.shop.servers.processes import PATIENCE_SECONDS, url_of, wait_for
from users.models.customer import CUSTOMER_WORDS, Customer

_CHANGES = re.compile(r"\s*(CREATE|ALTER|DROP|UPDATE|INSERT|DELETE)\b", re.IGNORECASE)
_BUILT = re.compile(r'INDEX CONCURRENTLY (?:IF NOT EXISTS )?"?(\w+)"? ON', re.IGNORECASE)
SCHEMA = """
    SELECT 'index', pg_get_indexdef(indexrelid), indisvalid FROM pg_index
    WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT 'rule', conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid), convalidated
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
    UNION ALL
    SELECT 'column', attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod), attnotnull
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
"""


INDEXES = "SELECT indexrelid::regclass::text, indisvalid FROM pg_index WHERE indrelid = 'planted'::regclass ORDER BY 1"


class CutOff(Exception):
    """The process was killed here."""


@pytest.fixture
def scratch(transactional_db: None) -> Iterator[str]:
    """An empty database, which Django's connection leads to; the name of the test's own."""
    own = connection.settings_dict["NAME"]
    name = f"{own}_scratch"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    connection.close()
    connection.settings_dict["NAME"] = name
    yield own
    connection.close()
    connection.settings_dict["NAME"] = own
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def planted_table(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE planted AS SELECT n FROM generate_series(1, 1000) AS n")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE planted")


class Console:
    """What was written to it up to now."""

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured, self._said = captured, ""

    def __call__(self, words: str) -> bool:
        self._said += self._captured.readouterr().err
        return words in self._said


@pytest.fixture
def console(capfd: pytest.CaptureFixture[str]) -> Console:
    return Console(capfd)


@contextmanager
def in_threads(*works: Callable[[], None]) -> Iterator[list[threading.Thread]]:
    """Each on a connection of its own; all have ended when the block has, and what one of them raised is raised."""
    failures: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    yield threads
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert failures == []
    assert not any(thread.is_alive() for thread in threads)


def schema_of(database: str) -> set[tuple[Any, ...]]:
    with psycopg.connect(url_of(database)) as link:
        return set(link.execute(SCHEMA).fetchall())


def change(*statements: str) -> None:
    """As a migration that is not atomic does."""
    with connection.schema_editor(atomic=False) as editor:
        for statement in statements:
            editor.execute(statement)


def index_names() -> list[tuple[str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(INDEXES)
        return cursor.fetchall()


def leave_half_built(index: str) -> None:
    """As a superuser, whom alone PostgreSQL lets change its catalogs: of the embedded server, which Kontor is not."""
    role: dict[str, Any] = {"user": SUPERUSER} if "EMBEDDED_HOME" in connection.settings_dict else {}
    with psycopg.connect(url_of(connection.settings_dict["NAME"]), **role) as link:
        link.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass", [index])


@contextmanager
def cut_off_after(steps: int) -> Iterator[None]:
    """The process ends after so many changes; the index that the last of them was building is left half built."""
    done = count(1)

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if _CHANGES.match(str(sql)) and next(done) == steps:
            if built := _BUILT.search(str(sql)):
                leave_half_built(built[1])
            raise CutOff
        return answer

    with connection.execute_wrapper(listen):
        yield


def two_indexes() -> migrations.Migration:
    """As those to come will be: an index of a big table is built beside the work."""
    kind = type("Migration", (migrations.Migration,), {"atomic": False})
    planted = kind("two_indexes", "orders")
    planted.operations = [
        AddIndexConcurrently("order", models.Index(fields=[field], name=f"planted_{field}"))
        for field in ("updated_at", "total")
    ]
    return planted


def test_every_migration_that_is_not_atomic_may_be_cut_off_in_the_middle_and_run_again(scratch: str) -> None:
    executor = MigrationExecutor(connection)
    executor.recorder.ensure_schema()
    maker: Any = executor
    state = maker._create_project_state()
    assert state.apps  # made once for all, as Django does: else anew for each step
    cuts = []
    planned = [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]

    for migration in [*planned, two_indexes()]:
        before = state.clone()
        if not migration.atomic:
            try:
                with cut_off_after(2):
                    executor.apply_migration(state.clone(), migration)
            except CutOff:
                cuts.append(migration.name)
            else:  # it has one step: all was done, and not noted
                executor.recorder.record_unapplied(migration.app_label, migration.name)
        state = executor.apply_migration(state, migration)

    assert "two_indexes" in cuts
    executor.unapply_migration(before, migration)
    assert schema_of(connection.settings_dict["NAME"]) == schema_of(scratch)


def test_an_index_that_was_left_invalid_is_built_again_and_a_whole_one_is_kept(planted_table: None) -> None:
    build = "CREATE INDEX CONCURRENTLY planted_n ON planted (n)"
    with pytest.raises(CutOff), cut_off_after(1):
        change(build)
    assert index_names() == [("planted_n", False)]

    change(build, build)
    assert index_names() == [("planted_n", True)]

    change("DROP INDEX CONCURRENTLY planted_n", "DROP INDEX CONCURRENTLY planted_n")
    assert index_names() == []


def test_an_index_is_built_anew_whatever_a_run_before_it_left(planted_table: None) -> None:
    change("CREATE INDEX planted_n ON planted (n)", "CREATE INDEX planted_n_ccnew ON planted (n)")
    leave_half_built("planted_n_ccnew")
    before = _file_of("planted_n")

    change("REINDEX INDEX CONCURRENTLY planted_n")

    assert index_names() == [("planted_n", True)]
    assert _file_of("planted_n") != before


def _file_of(index: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filenode(%s::regclass)", [index])
        return int(cursor.fetchone()[0])


def test_words_of_rows_that_were_there_are_read_anew(transactional_db: None) -> None:
    """A function that an index was built by has changed: what stands in the index changes with it."""
    letters = import_module("shared.migrations.0012_letters_of_words")
    try:
        with connection.schema_editor(atomic=False) as editor:
            editor.execute(letters._BEFORE)
            letters.build_anew(None, editor)
        CustomerFactory.create(name="Æsir Þórsson", email="x@example.com")
        assert _found_by_index("aesir") == 0
    finally:
        with connection.schema_editor(atomic=False) as editor:
            editor.execute(letters._NOW)
            assert _found_by_index("aesir") == 0, "the index is what it was"
            letters.build_anew(None, editor)

    assert _found_by_index("aesir") == _found_by_index("thors") == 1


def test_words_are_read_anew_after_a_run_that_was_cut_off(transactional_db: None) -> None:
    """Of the index that PostgreSQL was building, and of the one that it was taking away."""
    letters = import_module("shared.migrations.0012_letters_of_words")
    left = ("customer_words_ccnew", "customer_words_ccold1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('customer_words'::regclass)")
        (made,) = cursor.fetchone()
        for name in left:
            cursor.execute(made.replace("customer_words", name, 1))
    for name in left:
        leave_half_built(name)

    with connection.schema_editor(atomic=False) as editor:
        letters.build_anew(None, editor)

    with connection.cursor() as cursor:
        cursor.execute(r"SELECT relname FROM pg_class WHERE relname LIKE 'customer\_words%'")
        assert cursor.fetchall() == [("customer_words",)]


def _found_by_index(beginning: str) -> int:
    found = Customer.objects.filter(Matching(CUSTOMER_WORDS, f"'{beginning}':*"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        assert "customer_words" in found.explain()
        return found.count()


def test_two_that_set_up_take_turns_and_wait_for_a_transaction_that_is_open(
    planted_table: None, console: Console
) -> None:
    """Whoever waits for its turn in a statement is waited for by the index of the other: a deadlock."""
    with psycopg.connect(url_of(connection.settings_dict["NAME"]), application_name="a long report") as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM planted")
        with in_threads(partial(_set_up, "planted_a"), partial(_set_up, "planted_b")):
            wait_for(lambda: console("Another process is setting up"), "one waits for its turn")
            wait_for(lambda: console("a long report"), "the other for the reader")
            assert [name for name, is_valid in index_names() if is_valid] == []
            reader.rollback()

    assert index_names() == [("planted_a", True), ("planted_b", True)]


def _set_up(index: str) -> None:
    with exclusive_setup():
        change(f"CREATE INDEX CONCURRENTLY {index} ON planted (n)")


def test_a_statement_of_the_set_up_has_all_the_time_that_it_takes(transactional_db: None) -> None:
    connection.close()
    own = connection.settings_dict["OPTIONS"]["options"]
    connection.settings_dict["OPTIONS"]["options"] = f"{own} -c statement_timeout=100"
    try:
        with exclusive_setup(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(1.5)")  # longer than the server's limit, and than the client's after it
    finally:
        connection.close()
        connection.settings_dict["OPTIONS"]["options"] = own


def test_migrate_waits_for_its_turn_and_says_so(transactional_db: None, console: Console) -> None:
    with ExitStack() as ours:
        ours.enter_context(exclusive_setup())
        with in_threads(migrate_sessions) as [migrating]:
            wait_for(lambda: console("Another process is setting up"), "migrate has said that it waits")
            assert migrating.is_alive()
            ours.close()


def test_migrate_tries_again_while_a_table_is_in_use(transactional_db: None, console: Console) -> None:
    """It lets go of everything in between: nobody queues behind it."""
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        cursor.execute("DROP TABLE django_session")
    with psycopg.connect(url_of(name), application_name="a colleague") as holder:
        holder.execute("LOCK TABLE django_migrations IN EXCLUSIVE MODE")
        with in_threads(migrate_sessions) as [migrating]:
            wait_for(lambda: console("in use by process") and console("a colleague"), "migrate has said who it is")
            assert migrating.is_alive()
            holder.rollback()

    assert "django_session" in connection.introspection.table_names()


def migrate_sessions() -> None:
    call_command("migrate", "sessions", verbosity=0)


def test_a_database_of_0_1_is_refused_and_left_as_it_is(scratch: str) -> None:
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    recorder.record_applied("orders", "0002_order_number_sequence")

    with pytest.raises(CommandError, match=r"made by Kontor 0\.1\.0.*Nothing was changed.*docs/operations\.md"):
        call_command("migrate", verbosity=0)

    assert connection.introspection.table_names() == ["django_migrations"]
