"""The few changes that rows of append-only tables see. Each is named in docs/decisions: privacy, deletion."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_IGNORE_TRIGGERS = "SELECT set_config('pgtrigger.ignore', %s, true)"


@contextmanager
def rows_may_change(*models: Any) -> Iterator[None]:
    """Within the block, and this transaction, the triggers that keep these models' rows as they are look away.

    As pgtrigger.ignore, which sends two statements in one: refused where parameters are bound by the server. The caller
    must be in a transaction.
    """
    ids = [trigger.get_pgid(model) for model in models for trigger in model._meta.triggers]
    with connection.cursor() as cursor:
        cursor.execute(_IGNORE_TRIGGERS, ["{" + ",".join(ids) + "}"])
        yield
        cursor.execute(_IGNORE_TRIGGERS, ["{}"])
