"""The newest rows of several owners at once, each from its own stretch of an index."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import Field, Model, QuerySet

from shared.admin.search import MAX_MATCHES, is_complete
from shared.planner.lookups import filter_by_keys, one_of

_LEAST_EACH = 25  # a page
_NEWEST = """
    SELECT owner.id, newest.id FROM unnest(%s::uuid[]) AS owner (id) CROSS JOIN LATERAL (
        SELECT created_at, id FROM {table} WHERE {column} = owner.id AND {where} ORDER BY {order} LIMIT %s
    ) AS newest ORDER BY newest.created_at DESC, newest.id DESC LIMIT %s
"""


def only_newest(rows: QuerySet, field: str, owners: Sequence[Any], order: str, where: str | None) -> QuerySet:
    """Those of `rows` that newest_of_each names. All that the owners have for a file, and where something else chooses
    among them; then `where` is None."""
    if where is None or is_complete():
        return rows.filter(one_of(field, owners))
    return filter_by_keys(rows, "pk", newest_of_each(rows.model, field, owners, order, where))


def newest_of_each(model: type[Model], field: str, owners: Sequence[Any], order: str, where: str = "TRUE") -> list[Any]:
    """Keys of the rows whose `field` is one of the owners, newest first: all of them, or MAX_MATCHES and one more, the
    newest of at least 25 of each owner. So the first page is right, and a search knows that there are more.

    `order` (newest first) and `where` are SQL of the code's own, served by an index which begins with the field. What
    it costs does not depend on how many rows an owner has: more of each are asked for while one may have more and all
    together are too few, a few times at most.
    """
    column, quote = cast("Field[Any, Any]", model._meta.get_field(field)).column, connection.ops.quote_name
    table = quote(model._meta.db_table)
    statement = _NEWEST.format(table=table, column=quote(str(column)), order=order, where=where)
    each = max(_LEAST_EACH, MAX_MATCHES // max(1, len(owners)) + 1)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(owners), each, MAX_MATCHES + 1])
            rows = cursor.fetchall()
        most = max(Counter(owner for owner, _ in rows).values(), default=0)
        if len(rows) > MAX_MATCHES or most < each:
            return [key for _, key in rows]
        each *= 4
