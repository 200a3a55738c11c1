"""How a test with real commits leaves the database: as it was before the first test.

Django truncates every table and makes permissions, roles and all the rest anew, for a second a test. Here only what
the test changed is put back, triggers and foreign keys aside, in some hundredths.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

TABLES = """
    SELECT format('%I', c.relname), ARRAY(
        SELECT format('%I', attname) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum)
    FROM pg_class c
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
CONTENT = "(SELECT coalesce(sum(hashtextextended(row::text, 0)), 0) FROM {} row)"


class Pristine:
    """What every table held when this was made."""

    def __init__(self) -> None:
        link = _link()
        self.columns = {name: ", ".join(columns) for name, columns in link.execute(TABLES).fetchall()}
        self.holding = self._not_empty(link)
        self.content = self._content(link)
        self.rows = {name: b"".join(self._copy_out(link, name)) for name in self.holding}

    def restore(self) -> None:
        """Put back what differs. Triggers sleep meanwhile: history keeps what is written, and books refuse deletes."""
        link = _link()
        filled = [name for name in self._not_empty(link) if name not in self.rows]
        now = self._content(link)
        changed = [name for name in self.rows if now[name] != self.content[name]]
        if not filled and not changed:
            return
        with link.transaction():
            link.execute("SET LOCAL session_replication_role = replica")
            for name in [*filled, *changed]:
                link.execute(f"DELETE FROM {name}")
            for name in changed:
                with link.cursor().copy(f"COPY {name} ({self.columns[name]}) FROM STDIN") as copy:
                    copy.write(self.rows[name])
        if changed:
            ContentType.objects.clear_cache()

    def _not_empty(self, link: psycopg.Connection) -> list[str]:
        tests = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in self.columns]
        return [name for (name,) in link.execute(" UNION ALL ".join(tests)).fetchall()]

    def _content(self, link: psycopg.Connection) -> dict[str, object]:
        sums = ", ".join(CONTENT.format(name) for name in self.holding)
        return dict(zip(self.holding, link.execute(f"SELECT {sums}").fetchone() or (), strict=True))

    def _copy_out(self, link: psycopg.Connection, name: str) -> Iterator[bytes]:
        with link.cursor().copy(f"COPY {name} ({self.columns[name]}) TO STDOUT") as copy:
            yield from (bytes(part) for part in copy)


def _link() -> psycopg.Connection:
    """Django's connection without Django, which would sign the writes for the history."""
    connection.close()  # a test may have left it broken, or with settings of its own
    connection.ensure_connection()
    return connection.connection


def may_restore() -> bool:
    """Whether this role may put triggers to sleep: a superuser, or one that was given the right."""
    asked = _link().execute("SELECT has_parameter_privilege('session_replication_role', 'SET')").fetchone()
    return bool(asked and asked[0])


@contextmanager
def restoring_instead_of_flushing(blocker: DjangoDbBlocker) -> Iterator[None]:
    """From now on tests with real commits end with the database as it is now."""
    with blocker.unblock():
        pristine = Pristine()
        connection.close()
    case: Any = TransactionTestCase
    flush = case._fixture_teardown
    case._fixture_teardown = lambda test: pristine.restore()
    try:
        yield
    finally:
        case._fixture_teardown = flush


@contextmanager
def put_back_after(blocker: DjangoDbBlocker) -> Iterator[None]:
    """For a fixture of a module: what the block commits is there for tests that roll back their own, and then gone."""
    with blocker.unblock():
        yield
        case: Any = TransactionTestCase()
        case._fixture_teardown()
        connection.close()  # as pytest-django leaves it for tests that need no database
