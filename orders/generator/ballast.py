"""What slows a large COPY down: indexes and foreign keys, put aside and built again afterwards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

_SECONDARY = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_index AS i
    WHERE i.indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)
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
    rebuild: list[str] = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(_SECONDARY, [table])
            for name, definition in cursor.fetchall():
                cursor.execute(f"DROP INDEX {name}")
                rebuild.append(definition)
        for table in tables:
            cursor.execute(_FOREIGN_KEYS, [table])
            for name, definition in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
                rebuild.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for place, statement in enumerate(rebuild, start=1):
            say(f"rebuilding {place} of {len(rebuild)}: {statement[:90]}")
            cursor.execute(statement)
