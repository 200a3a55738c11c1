"""Rows that go elsewhere and come back as they were: no change of theirs, and so none of the history."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_SET = "SELECT set_config('kontor.unrecorded', %s, true)"


@contextmanager
def unrecorded(*tables: str) -> Iterator[None]:
    """Within the block, and this transaction, which the caller must be in, nothing of these tables is recorded."""
    with connection.cursor() as cursor:
        cursor.execute(_SET, [",".join(tables)])
        yield
        cursor.execute(_SET, [""])
