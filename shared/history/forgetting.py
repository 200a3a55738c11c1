"""Taking personal data out of the history, and leaving that something happened."""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Model

from shared.history.tracking import tables_shown_with

_HIDDEN = """
    UPDATE shared_record_change AS c SET
        before = (SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY (%s) THEN '"•••"' ELSE value END), '{}')
                  FROM jsonb_each(c.before)),
        after = (SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY (%s) THEN '"•••"' ELSE value END), '{}')
                 FROM jsonb_each(c.after))
    WHERE record = ANY (%s) AND "table" = ANY (%s)
"""


def forget_values(*, model: type[Model], keys: Collection[Any], columns: Collection[str]) -> int:
    """Hide what these columns of these records, and of their parts, have ever held; how many entries were touched.

    Call it after the change that erases them, in the same transaction: that change is in the history, too.
    """
    names, tables = list(columns), tables_shown_with(model)
    with connection.cursor() as cursor:
        cursor.execute(_HIDDEN, [names, names, [str(key) for key in keys], tables])
        return int(cursor.rowcount)
