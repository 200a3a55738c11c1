"""What slows a large COPY down: indexes and foreign keys, put aside and built again afterwards."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_SECONDARY = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_index AS i
    WHERE i.indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)
    ORDER BY 1
"""
_NOT_UNIQUE = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_index AS i WHERE i.indrelid = %s::regclass AND NOT i.indisunique
    ORDER BY 1
"""
_FOREIGN_KEYS = """
    SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND conrelid = %s::regclass ORDER BY 1
"""


@contextmanager
def without_ballast(*tables: str, say: Callable[[str], None]) -> Iterator[None]:
    """Drop the tables' foreign keys and those indexes that no constraint rests on; afterwards build them again, which
    checks every row. Needs a transaction, so that a failure leaves everything as it was; locks the tables for all
    others until it ends."""
    with connection.cursor() as cursor:
        rebuild = _drop_indexes(cursor, _SECONDARY, tables)
        for table in tables:
            cursor.execute(_FOREIGN_KEYS, [table])
            for name, definition in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
                rebuild.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        yield
        _rebuild(cursor, rebuild, say)


@contextmanager
def without_indexes(*tables: str, say: Callable[[str], None] = lambda text: None) -> Iterator[None]:
    """Only what is not unique is dropped and built again, so that a second row of one key is refused meanwhile as ever.
    The words of a name take some ten times as long row by row. Needs a transaction, too, and locks the tables."""
    with connection.cursor() as cursor:
        rebuild = _drop_indexes(cursor, _NOT_UNIQUE, tables)
        yield
        _rebuild(cursor, rebuild, say)


def _drop_indexes(cursor: Any, which: str, tables: Iterable[str]) -> list[str]:
    """What makes them again."""
    definitions = []
    for table in tables:
        cursor.execute(which, [table])
        for name, definition in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
            definitions.append(definition)
    return definitions


def _rebuild(cursor: Any, statements: list[str], say: Callable[[str], None]) -> None:
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for place, statement in enumerate(statements, start=1):
        say(f"rebuilding {place} of {len(statements)}: {statement[:90]}")
        cursor.execute(statement)
