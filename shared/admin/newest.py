"""The newest rows of several owners at once, each from its own stretch of an index."""

from collections.abc import Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import Field, Model

from shared.admin.search import MAX_MATCHES

_LEAST_EACH = 25
_NEWEST = """
    SELECT newest.id FROM unnest(%s::uuid[]) AS owner (id) CROSS JOIN LATERAL (
        SELECT id FROM {table} WHERE {column} = owner.id ORDER BY {order} LIMIT %s
    ) AS newest
"""


def newest_of_each(model: type[Model], field: str, owners: Sequence[Any], order: str) -> list[Any]:
    """Keys of the rows whose `field` is one of the owners: MAX_MATCHES in all, though at least 25 of each owner.

    `order` is SQL of the code's own and that of an index which begins with the field. In no order between owners. One
    statement, whose cost does not depend on how many rows an owner has.
    """
    column, quote = cast("Field[Any, Any]", model._meta.get_field(field)).column, connection.ops.quote_name
    statement = _NEWEST.format(table=quote(model._meta.db_table), column=quote(str(column)), order=order)
    each = max(_LEAST_EACH, (MAX_MATCHES + 1) // max(1, len(owners)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(owners), each])
        return [row[0] for row in cursor.fetchall()]
