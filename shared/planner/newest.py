"""The newest rows of several owners at once, each from its own stretch of an index."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import Field, Model

_LEAST_EACH = 25  # a page
_NEWEST = """
    SELECT owner.id, newest.id FROM unnest(%s::uuid[]) AS owner (id) CROSS JOIN LATERAL (
        SELECT created_at, id FROM {table} WHERE {column} = owner.id AND {where} ORDER BY {order} LIMIT %s
    ) AS newest ORDER BY newest.created_at DESC, newest.id DESC LIMIT %s
"""


def newest_of_each(
    model: type[Model], field: str, owners: Sequence[Any], order: str, where: str = "TRUE", limit: int = 1_001
) -> list[Any]:
    """Keys of the rows whose `field` is one of the owners, newest first: all of them, or `limit`, the
    newest of at least 25 of each owner. So the first page is right, and a search knows that there are more.

    `order` (newest first) and `where` are SQL of the code's own, served by an index which begins with the field. What
    it costs does not depend on how many rows an owner has: more of each are asked for while one may have more and all
    together are too few, a few times at most.
    """
    column, quote = cast("Field[Any, Any]", model._meta.get_field(field)).column, connection.ops.quote_name
    table = quote(model._meta.db_table)
    statement = _NEWEST.format(table=table, column=quote(str(column)), order=order, where=where)
    each = max(_LEAST_EACH, limit // max(1, len(owners)) + 1)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(owners), each, limit])
            rows = cursor.fetchall()
        most = max(Counter(owner for owner, _ in rows).values(), default=0)
        # Too few, but no owner's share was full: there are no others.
        if len(rows) >= limit or most < each:
            return [key for _, key in rows]
        each *= 4
